import type { SpecIssue } from './issue'
import { errorAt } from './issue-at'
import type { LayerSpec, ModelSpec } from './layers'

/**
 * BatchNorm1d cannot normalise a batch of one image in training (torch raises an error too): neither batches of one
 * nor a remainder of one.
 * @param trainImages images an epoch trains on
 */
export function checkBatches(
  model: ModelSpec,
  trainImages: number,
  batchSize: number | 'full',
  dropLast: boolean,
): readonly SpecIssue[] {
  const batch = batchSize === 'full' ? trainImages : batchSize
  const remainder = dropLast && batch < trainImages ? 0 : trainImages % batch
  const single = Math.min(batch, trainImages) === 1
  if ((!single && remainder !== 1) || !hasBatchNorm(model.layers)) return []
  const path = single ? 'training.batchSize' : 'training.dropLast'
  const fix = { kind: 'set', path, value: single ? 64 : true } as const
  return [
    single
      ? errorAt(path, 'singleImage', {}, fix)
      : errorAt(path, 'singleImageLeft', { images: trainImages, batch }, fix),
  ]
}

function hasBatchNorm(layers: readonly LayerSpec[]): boolean {
  return layers.some(
    (layer) =>
      layer.type === 'BatchNorm1d' || (layer.type === 'Residual' && hasBatchNorm(layer.layers)),
  )
}
