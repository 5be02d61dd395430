import type { RunSpec } from '#core/spec/run-spec'

type Sized = Pick<RunSpec, 'dataset' | 'training'>

/** Images that an epoch trains on. */
export function trainImagesOf({ dataset }: Sized): number {
  return dataset.trainSize - dataset.valSize
}

/** Optimizer steps of one epoch; 0 where dropLast drops the only batch. */
export function stepsPerEpochOf(spec: Sized): number {
  const { batchSize, dropLast } = spec.training
  if (batchSize === 'full') return 1
  const batches = trainImagesOf(spec) / batchSize
  return dropLast ? Math.floor(batches) : Math.ceil(batches)
}

/** An epoch takes more than one batch. */
export function hasMiniBatches(spec: Sized): boolean {
  return spec.training.batchSize !== 'full' && spec.training.batchSize < trainImagesOf(spec)
}
