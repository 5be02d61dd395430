import type { Evaluation } from '#core/backend/backend'
import type { EpochSums } from './checkpoint'
import type { EpochRecord } from './run-state'

export const noSums: EpochSums = { loss: 0, hits: 0, images: 0, seconds: 0 }

/** Adds batches to the sums of their epoch; a batch's loss is a mean, so it counts once for each of its images. */
export function addBatches(
  sums: EpochSums,
  losses: Float64Array,
  hits: Uint32Array,
  sizes: readonly number[],
  seconds: number,
): EpochSums {
  let { loss, hits: right, images } = sums
  losses.forEach((batchLoss, i) => {
    const size = sizes[i] ?? 0
    loss += batchLoss * size
    right += hits[i] ?? 0
    images += size
  })
  return { loss, hits: right, images, seconds: sums.seconds + seconds }
}

/** Share of images on the diagonal of the confusion matrix. */
export function accuracyOf({ confusion, count }: Evaluation): number {
  const classes = Math.sqrt(confusion.length)
  let right = 0
  for (let k = 0; k < classes; k++) right += confusion[k * classes + k] ?? 0
  return count === 0 ? 0 : right / count
}

/** The record of an epoch that has ended; `validation` null: it was not validated. */
export function epochRecordOf(
  at: Pick<EpochRecord, 'epoch' | 'step' | 'lr'>,
  sums: EpochSums,
  validation: Evaluation | null,
): EpochRecord {
  return {
    ...at,
    trainLoss: sums.loss / sums.images,
    trainAccuracy: sums.hits / sums.images,
    ...(validation !== null && {
      valLoss: validation.loss,
      valAccuracy: accuracyOf(validation),
    }),
    seconds: sums.seconds,
    imagesPerSecond: sums.images / Math.max(sums.seconds, 1e-9),
  }
}
