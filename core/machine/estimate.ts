/** Arithmetic and traffic of training, from the structure of the net: where it stands on a roofline. */
import type { TrainingShape } from './training-shape'

const FLOAT_BYTES = 4

/**
 * Floating point operations of one image, forward and back: 6 a weight (a multiplication and an addition in each of
 * y = xWᵀ, dW and dx), less the 2 a weight of the first layer, whose dx nobody needs. Zero pixels count as others.
 */
export function flopsPerImage({ products }: Pick<TrainingShape, 'products'>): number {
  return products.reduce(
    (sum, { inFeatures, outFeatures, first }) => sum + (first ? 4 : 6) * inFeatures * outFeatures,
    0,
  )
}

/** Bytes that an optimizer step moves at least, if nothing stays in a cache. `stateBytes`: of the optimizer. */
export function bytesPerStep(shape: TrainingShape, stateBytes: number): number {
  const { products, parameters, activations, batchSize } = shape
  const weights = products.reduce((sum, p) => sum + p.inFeatures * p.outFeatures, 0)
  // Weights are read forward and back and their gradient is written; outputs are written and read on both ways.
  const passes = FLOAT_BYTES * (3 * weights + 7 * batchSize * activations)
  // Read gradient and parameter, write the parameter, read and write the state.
  return passes + 3 * FLOAT_BYTES * parameters + 2 * stateBytes
}

/** FLOP a byte: how far to the right of the roofline a net stands. */
export function intensityOf(shape: TrainingShape, stateBytes: number): number {
  return (shape.batchSize * flopsPerImage(shape)) / bytesPerStep(shape, stateBytes)
}

/** What a device was measured at. */
export interface Roof {
  /** GFLOP/s of matrix products, all threads. */
  readonly gflops: number
  /** GB/s (1e9 bytes), reads and writes together. */
  readonly bandwidth: number
}

/** GFLOP/s that a device reaches at this intensity (FLOP a byte): the roofline itself, for drawing. */
export function roofline({ gflops, bandwidth }: Roof, intensity: number): number {
  return Math.min(gflops, bandwidth * intensity)
}
