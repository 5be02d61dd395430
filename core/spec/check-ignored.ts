import type { SpecIssue } from './issue'
import { errorAt } from './issue-at'
import type { LossSpec } from './losses'

/**
 * CrossEntropyLoss and NLLLoss divide by the weights of the images in a batch. Where each batch is one image, one of a class that
 * does not count makes the loss 0 / 0.
 */
export function checkIgnored(
  loss: LossSpec,
  batchSize: number | 'full',
  classes: number,
): readonly SpecIssue[] {
  if (loss.type !== 'CrossEntropyLoss' && loss.type !== 'NLLLoss') return []
  if (batchSize !== 1 || loss.reduction === 'sum') return []
  const ignored = loss.ignoreIndex >= 0 && loss.ignoreIndex < classes
  if (!ignored && loss.weight?.includes(0) !== true) return []
  const path = 'training.batchSize'
  return [errorAt(path, 'ignoredImage', { loss: loss.type }, { kind: 'set', path, value: 64 })]
}
