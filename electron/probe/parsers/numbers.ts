/** Reading numbers out of other programs' text, strictly: what is not plainly a number is null, never 0. */

/** '123' or '12.5'; null for '', 'N/A', '12abc' and whatever else. */
export function parseNumber(text: string | undefined): number | null {
  if (text === undefined || !/^\s*-?\d+(\.\d+)?\s*$/.test(text)) return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}

/** A number above zero; sizes, clocks and widths of 0 mean "not told". */
export function parsePositive(text: string | undefined): number | null {
  return positive(parseNumber(text))
}

/** The same for a number that arrived as one. */
export function positive(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) && value > 0 ? value : null
}

/** Scales a number that may be unknown. */
export function times(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor
}

/** '0-3,8,10-11' -> [0, 1, 2, 3, 8, 10, 11], as the kernel lists CPUs. Null for other text. */
export function parseCpuList(text: string | undefined): readonly number[] | null {
  const list = text?.trim() ?? ''
  if (!/^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$/.test(list)) return null
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return last < first ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

export const KIB = 1024
export const MIB = 1024 ** 2
export const GIB = 1024 ** 3
