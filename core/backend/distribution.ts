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
  let squares = 0
  for (const values of arrays)
    for (let i = 0; i < values.length; i++) squares += (values[i] as number) ** 2
  return Math.sqrt(squares)
}
