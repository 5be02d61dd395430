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
  const sentence = single
    ? 'BatchNorm1d needs more than 1 image in a batch: raise the batch size, or use LayerNorm'
    : `BatchNorm1d needs more than 1 image in a batch, and the last batch of an epoch holds 1 (${trainImages} images in batches of ${batch}): drop the last batch, or change the batch size`
  const path = single ? 'training.batchSize' : 'training.dropLast'
  return [errorAt(path, sentence, { kind: 'set', path, value: single ? 64 : true })]
}

function hasBatchNorm(layers: readonly LayerSpec[]): boolean {
  return layers.some(
    (layer) =>
      layer.type === 'BatchNorm1d' || (layer.type === 'Residual' && hasBatchNorm(layer.layers)),
  )
}
