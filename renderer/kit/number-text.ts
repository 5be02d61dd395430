/** Numbers as a person types and reads them. */

/** Shortest exact text; powers of ten below 0.001 and from 1e6 on. 0.001 -> "0.001", 1e-8 -> "1e-8". */
export function numberText(value: number): string {
  const size = Math.abs(value)
  if (value !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential().replace('e+', 'e')
  return String(value)
}

/** Null where the text is no number. Spaces, underscores and thousands commas are allowed. */
export function parseNumber(text: string): number | null {
  const bare = text
    .trim()
    .replace(/[\s_](?=\d)/g, '')
    .replace(/,(?=\d{3}(\D|$))/g, '')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(bare)) return null
  const value = Number(bare)
  return Number.isFinite(value) ? value : null
}

/** One unit of the leading digit up or down: 0.001 -> 0.002, 0.001 -> 0.0009, 0.9 -> 1. */
export function nudge(value: number, direction: 1 | -1): number {
  if (value === 0) return direction * 0.1
  const grows = Math.sign(value) === direction
  const size = Math.abs(value)
  const exponent = Math.floor(Math.log10(size) + 1e-9)
  const atPower = Math.abs(size - 10 ** exponent) < 10 ** (exponent - 6)
  const unit = 10 ** (!grows && atPower ? exponent - 1 : exponent)
  return Number((value + direction * unit).toPrecision(12))
}
