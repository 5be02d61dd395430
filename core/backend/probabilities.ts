import type { LayerType } from '#core/spec/layers'
import type { Floats } from '#core/tensor/floats'

/**
 * [n * width] what a network believes about each row: the softmax of its outputs, or the outputs themselves where the last
 * layer already makes a distribution of them.
 */
export function probabilitiesOf(
  output: Floats,
  n: number,
  width: number,
  lastLayer: LayerType | undefined,
): Float32Array {
  const probabilities = Float32Array.from(output.subarray(0, n * width))
  if (lastLayer === 'Softmax' || lastLayer === 'Softmin') return probabilities
  for (let row = 0; row < n; row++) {
    const values = probabilities.subarray(row * width, (row + 1) * width)
    const largest = values.reduce((a, b) => Math.max(a, b), -Infinity)
    let sum = 0
    for (let i = 0; i < width; i++) sum += Math.exp((values[i] ?? 0) - largest)
    for (let i = 0; i < width; i++) values[i] = Math.exp((values[i] ?? 0) - largest) / sum
  }
  return probabilities
}
