import { Mt19937 } from '#core/tensor/mt19937'
import { randperm } from '#core/tensor/torch-random'

export interface Split {
  readonly train: Uint32Array
  readonly val: Uint32Array
}

/**
 * Indices of `random_split(data, [trainSize - valSize, valSize], torch.Generator().manual_seed(seed))`, where data is
 * the first `trainSize` images. Without validation images nothing is split: the images keep their order.
 */
export function randomSplit(trainSize: number, valSize: number, seed: number): Split {
  if (valSize < 0 || valSize >= trainSize)
    throw new RangeError(`expected 0 <= valSize < trainSize, found ${valSize} and ${trainSize}`)
  if (valSize === 0)
    return { train: Uint32Array.from({ length: trainSize }, (_, i) => i), val: new Uint32Array(0) }
  const order = randperm(trainSize, new Mt19937(seed))
  return { train: order.slice(0, trainSize - valSize), val: order.slice(trainSize - valSize) }
}
