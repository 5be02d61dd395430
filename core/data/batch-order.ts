import { Mt19937 } from '#core/tensor/mt19937'
import { randperm } from '#core/tensor/torch-random'

/** Images a step: "full" is all of them, batch gradient descent. */
export type BatchSize = number | 'full'

/**
 * The order in which `DataLoader(data, shuffle=shuffle)` visits `count` samples in its next epoch. Draws from the
 * default generator what torch draws: one int64 that nobody uses here (the base seed of worker processes) and, when
 * shuffling, a second one that seeds the sampler.
 */
export function drawEpochOrder(count: number, shuffle: boolean, generator: Mt19937): Uint32Array {
  generator.nextInt64()
  if (!shuffle) return Uint32Array.from({ length: count }, (_, i) => i)
  return randperm(count, new Mt19937(generator.nextInt64()))
}

/** [batches] where each batch ends in the order of an epoch; the last one may be short unless `dropLast`. */
export function batchEndsOf(count: number, batchSize: BatchSize, dropLast: boolean): Uint32Array {
  const size = batchSize === 'full' ? count : batchSize
  if (!(size >= 1) || count < 1)
    throw new RangeError(`expected samples and a batch size >= 1, found ${count} and ${size}`)
  const batches = dropLast ? Math.floor(count / size) : Math.ceil(count / size)
  return Uint32Array.from({ length: batches }, (_, i) => Math.min((i + 1) * size, count))
}
