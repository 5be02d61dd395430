/** Central differences of `f` at x, one variable at a time; x is left as it was. */
export function numericalGradient(f: () => number, x: Float64Array, step = 1e-6): Float64Array {
  return x.map((value, i) => {
    x[i] = value + step
    const above = f()
    x[i] = value - step
    const below = f()
    x[i] = value
    return (above - below) / (2 * step)
  })
}

/** Largest difference between two gradients, relative to the largest entry (at least 1). */
export function gradientError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 1
  let difference = 0
  for (let i = 0; i < b.length; i++) {
    largest = Math.max(largest, Math.abs(b[i] ?? NaN))
    difference = Math.max(difference, Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)))
  }
  return Number.isFinite(difference) ? difference / largest : Infinity
}

/** Numbers in [-range, range) that are the same on every run. */
export function sampleValues(count: number, range = 2, seed = 1): Float64Array {
  let state = seed
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state / 2 ** 32) * 2 * range - range
  })
}
