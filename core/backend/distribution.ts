import type { Floats } from '#core/tensor/floats'
import type { Distribution } from './layer-report'

const BINS = 32

/** Mean, population deviation, range and histogram of the first `count` values. */
export function distributionOf(values: Floats, count: number): Distribution {
  let sum = 0
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < count; i++) {
    const value = values[i] as number
    sum += value
    if (value < min) min = value
    if (value > max) max = value
  }
  const mean = sum / count
  const histogram = new Array<number>(BINS).fill(0)
  const scale = max > min ? BINS / (max - min) : 0
  let squares = 0
  for (let i = 0; i < count; i++) {
    const value = values[i] as number
    squares += (value - mean) ** 2
    const bin = Math.min(BINS - 1, Math.floor((value - min) * scale))
    histogram[bin] = (histogram[bin] ?? 0) + 1
  }
  return { mean, std: Math.sqrt(squares / count), min, max, histogram }
}

/** Square root of the sum of squares over several arrays. */
export function l2Norm(arrays: readonly Floats[]): number {
  return Math.sqrt(arrays.reduce((sum, values) => sum + squares(values, null), 0))
}

/** l2Norm of the difference of arrays of the same lengths. */
export function l2Distance(a: readonly Floats[], b: readonly Floats[]): number {
  return Math.sqrt(a.reduce((sum, values, k) => sum + squares(values, b[k] ?? null), 0))
}

/** Sum of squares of a - b, in four sums side by side: in a single one each addition waits for the one before it. */
function squares(a: Floats, b: Floats | null): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  const whole = a.length - (a.length % 4)
  if (b === null)
    for (let i = 0; i < whole; i += 4) {
      s0 += (a[i] as number) ** 2
      s1 += (a[i + 1] as number) ** 2
      s2 += (a[i + 2] as number) ** 2
      s3 += (a[i + 3] as number) ** 2
    }
  else
    for (let i = 0; i < whole; i += 4) {
      s0 += ((a[i] as number) - (b[i] as number)) ** 2
      s1 += ((a[i + 1] as number) - (b[i + 1] as number)) ** 2
      s2 += ((a[i + 2] as number) - (b[i + 2] as number)) ** 2
      s3 += ((a[i + 3] as number) - (b[i + 3] as number)) ** 2
    }
  for (let i = whole; i < a.length; i++) s0 += ((a[i] as number) - (b?.[i] ?? 0)) ** 2
  return s0 + s1 + s2 + s3
}
