/**
 * Exponential moving average with the bias of its start removed, as TensorBoard smooths:
 * s_t = w s_(t-1) + (1 - w) x_t, shown s_t / (1 - w^t). Values that are not finite pass through and count for nothing.
 */
export function movingAverage(
  values: ArrayLike<number>,
  length: number,
  weight: number,
): Float32Array {
  const out = new Float32Array(length)
  let mean = 0
  let missing = 1
  for (let i = 0; i < length; i++) {
    const value = values[i] ?? Number.NaN
    if (!Number.isFinite(value)) {
      out[i] = value
      continue
    }
    mean = weight * mean + (1 - weight) * value
    missing *= weight
    out[i] = mean / (1 - missing)
  }
  return out
}
