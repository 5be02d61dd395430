/** Seconds with about two digits that mean something: '0.18', '2.4', '37'. */
export function epochText(seconds: number): string {
  if (seconds < 0.01) return '< 0.01'
  return seconds.toFixed(seconds < 1 ? 2 : seconds < 10 ? 1 : 0)
}
