/** Whether both addresses have one origin. (URL.origin is "null" for schemes that the URL standard does not list.) */
export function sameOrigin(a: string, b: string): boolean {
  if (!URL.canParse(a) || !URL.canParse(b)) return false
  const [first, second] = [new URL(a), new URL(b)]
  return first.protocol === second.protocol && first.host === second.host
}
