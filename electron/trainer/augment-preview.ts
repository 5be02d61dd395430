import type { AugmentPreview } from '#core/contract/answers'
import type { ParsedParams } from '#core/contract/requests'
import { Augmenter } from '#core/data/augment'
import type { ImageSet } from '#core/data/dataset'

/** The asked images as they are, and distorted as the epoch would distort them. */
export function previewAugment(
  { images, labels, count, rows, cols }: ImageSet,
  { augment, seed, epoch, indices }: ParsedParams<'augmentPreview'>,
): AugmentPreview {
  const side = rows * cols
  const known = indices.filter((index) => index < count)
  const before = new Uint8Array(known.length * side)
  const after = new Uint8Array(known.length * side)
  const augmenter = new Augmenter(augment, seed, rows, cols)
  for (const [i, index] of known.entries()) {
    before.set(images.subarray(index * side, (index + 1) * side), i * side)
    augmenter.augmentInto(after, i * side, images, index, epoch)
  }
  return {
    before: Buffer.from(before).toString('base64'),
    after: Buffer.from(after).toString('base64'),
    labels: known.map((index) => labels[index] ?? 0),
  }
}
