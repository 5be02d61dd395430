import type { Augmenter } from '#core/data/augment'
import type { Dataset } from '#core/data/dataset'
import type { Block } from '../backend'

/** The images of a part of a block, as its epoch sees them. */
export function distorted(
  augmenter: Augmenter,
  { train }: Dataset,
  block: Block,
  from: number,
  to: number,
): Uint8Array {
  const pixels = train.rows * train.cols
  const images = new Uint8Array((to - from) * pixels)
  for (let place = from; place < to; place++)
    augmenter.augmentInto(
      images,
      (place - from) * pixels,
      train.images,
      block.indices[place] ?? 0,
      block.epoch,
    )
  return images
}
