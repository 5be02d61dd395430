import type { Floats } from '#core/tensor/floats'
import type { Distribution } from './layer-report'

export const BINS = 32

/** Mean, population deviation, range and histogram of the first `count` values, in two passes. */
export function distributionOf(values: Floats, count: number): Distribution {
  // Shifted by a value of theirs, squares lose nothing to a mean far from 0.
  const origin = values[0] ?? 0
  let sum = 0
  let squares = 0
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < count; i++) {
    const value = values[i] as number
    const shifted = value - origin
    sum += shifted
    squares += shifted * shifted
    if (value < min) min = value
    if (value > max) max = value
  }
  const shift = sum / count
  const std = Math.sqrt(Math.max(0, squares / count - shift * shift))
  return { mean: origin + shift, std, min, max, histogram: histogramOf(values, count, min, max) }
}

function histogramOf(values: Floats, count: number, min: number, max: number): number[] {
  // One more for the largest value.
  const bins = new Uint32Array(BINS + 1)
  const scale = max > min ? BINS / (max - min) : 0
  for (let i = 0; i < count; i++) {
    const bin = (((values[i] as number) - min) * scale) | 0
    bins[bin] = (bins[bin] as number) + 1
  }
  const histogram = [...bins.subarray(0, BINS)]
  histogram[BINS - 1] = (histogram[BINS - 1] ?? 0) + (bins[BINS] ?? 0)
  return histogram
}

/** Sum of the squares of a - b, in four sums side by side: in a single one each addition waits for the one before it. */
export function sumOfSquares(a: Floats, b: Floats | null = null): number {
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
