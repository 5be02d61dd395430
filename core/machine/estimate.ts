/**
 * Does it fit, and how long will it take: memory and time of training a multilayer perceptron, from its structure.
 * Pure arithmetic over numbers that the caller takes from a spec; sizes in bytes, times in seconds.
 */

export interface NetShape {
  /** Units from the input to the output, e.g. [784, 128, 10]: one weight matrix between neighbours. */
  readonly widths: readonly number[]
  /** All trained values: weights, biases, normalisation. */
  readonly parameters: number
  /** Values that one image leaves in the net on its way forward: every layer's output. */
  readonly activations: number
}

export interface TrainingShape extends NetShape {
  /** Images a step. */
  readonly batchSize: number
  /** Images an epoch. */
  readonly images: number
  /** Values the optimizer keeps per parameter: SGD 0, momentum 1, Adam 2, AMSGrad 3. */
  readonly slotsPerParameter: number
  /** 4 for float32. */
  readonly bytesPerValue: number
  /** Of the images as they lie in memory; bytes, not values. */
  readonly datasetBytes: number
}

export interface MemoryEstimate {
  readonly parameters: number
  readonly gradients: number
  readonly optimizerState: number
  /** Outputs of every layer for one batch, its normalised input, and the gradients that flow back through them. */
  readonly activations: number
  readonly dataset: number
  readonly total: number
}

export function estimateMemory(shape: TrainingShape): MemoryEstimate {
  const parameters = shape.parameters * shape.bytesPerValue
  const gradients = parameters
  const optimizerState = parameters * shape.slotsPerParameter
  const perImage = (shape.widths[0] ?? 0) + 2 * shape.activations
  const activations = shape.batchSize * perImage * shape.bytesPerValue
  const dataset = shape.datasetBytes
  const total = parameters + gradients + optimizerState + activations + dataset
  return { parameters, gradients, optimizerState, activations, dataset, total }
}

/** Weights of the matrices between neighbouring widths; biases are not counted. */
export function weightCount(widths: readonly number[]): number {
  return widths.slice(1).reduce((sum, width, i) => sum + width * (widths[i] ?? 0), 0)
}

/**
 * Floating point operations of one image, forward and back: 6 a weight (a multiplication and an addition in each of
 * y = xWᵀ, dW and dx), less the 2 a weight of the first layer, whose dx nobody needs.
 */
export function flopsPerImage(widths: readonly number[]): number {
  return 6 * weightCount(widths) - 2 * (widths[0] ?? 0) * (widths[1] ?? 0)
}

/** What a device was measured at. */
export interface DeviceRates {
  /** Matrix products, all threads. */
  readonly gflops: number
  /** GB/s (1e9 bytes), reads and writes together. */
  readonly bandwidth: number
  /** What stays within this many bytes moves at `cacheBandwidth`; 0 without such a cache. */
  readonly cacheBytes: number
  readonly cacheBandwidth: number
  /** Seconds a step costs besides: dispatch, synchronisation, bookkeeping. */
  readonly stepOverhead: number
}

export interface TimeEstimate {
  readonly seconds: number
  readonly steps: number
  readonly flops: number
  /** Bytes moved in an epoch. */
  readonly bytes: number
  /** FLOP a byte: where the net stands on the roofline. */
  readonly intensity: number
  /** What most of the time goes into. */
  readonly bound: 'compute' | 'memory' | 'overhead'
}

/**
 * Seconds of one epoch by a simple roofline: matrix products take the longer of their arithmetic and their traffic;
 * the optimizer's update and the elementwise passes, which no arithmetic hides, are pure traffic; every step costs
 * its overhead.
 */
export function estimateEpoch(shape: TrainingShape, rates: DeviceRates): TimeEstimate {
  const batch = Math.min(shape.batchSize, shape.images)
  const steps = batch === 0 ? 0 : Math.ceil(shape.images / batch)
  const matrixFlops = batch * flopsPerImage(shape.widths)
  const weightBytes = weightCount(shape.widths) * shape.bytesPerValue
  // Weights are read forward and back, their gradient is written; activations pass through on both ways.
  const matrixBytes = 3 * weightBytes + 3 * batch * shape.activations * shape.bytesPerValue
  // Read gradient and parameter, write the parameter, read and write every slot.
  const updateBytes = shape.parameters * shape.bytesPerValue * (3 + 2 * shape.slotsPerParameter)
  const elementwiseBytes = 4 * batch * shape.activations * shape.bytesPerValue

  const { parameters, gradients, optimizerState, activations } = estimateMemory(shape)
  const hot = parameters + gradients + optimizerState + activations
  const gigabytes = hot <= rates.cacheBytes ? rates.cacheBandwidth : rates.bandwidth
  const compute = matrixFlops / (rates.gflops * 1e9)
  const traffic = matrixBytes / (gigabytes * 1e9)
  const rest = (updateBytes + elementwiseBytes) / (gigabytes * 1e9)
  const memoryTime = (traffic > compute ? traffic : 0) + rest
  const computeTime = traffic > compute ? 0 : compute
  const bytes = steps * (matrixBytes + updateBytes + elementwiseBytes)
  const flops = steps * matrixFlops
  return {
    seconds: steps * (computeTime + memoryTime + rates.stepOverhead),
    steps,
    flops,
    bytes,
    intensity: bytes === 0 ? 0 : flops / bytes,
    bound: largest(computeTime, memoryTime, rates.stepOverhead),
  }
}

function largest(compute: number, memory: number, overhead: number): TimeEstimate['bound'] {
  if (overhead > compute && overhead > memory) return 'overhead'
  return compute >= memory ? 'compute' : 'memory'
}

/** GFLOP/s that a device reaches at this intensity (FLOP a byte): the roofline itself, for drawing. */
export function roofline(
  rates: Pick<DeviceRates, 'gflops' | 'bandwidth'>,
  intensity: number,
): number {
  return Math.min(rates.gflops, rates.bandwidth * intensity)
}
