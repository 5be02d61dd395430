import type { Floats } from '#core/tensor/floats'

/**
 * log(e^x_0 + ... + e^x_(count-1)) of `count` values from `start`, without overflow: the largest is taken out of the
 * sum. All -Infinity gives -Infinity.
 */
export function logSumExp(values: Floats, start: number, count: number): number {
  let largest = -Infinity
  for (let i = start; i < start + count; i++) largest = Math.max(largest, values[i] as number)
  if (!Number.isFinite(largest)) return largest
  let sum = 0
  for (let i = start; i < start + count; i++) sum += Math.exp((values[i] as number) - largest)
  return largest + Math.log(sum)
}
