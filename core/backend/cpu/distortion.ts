import { Augmenter } from '#core/data/augment'
import type { ImageSet } from '#core/data/dataset'
import type { RunSpec } from '#core/spec/run-spec'
import type { Arena } from './arena'
import { AugmentPass } from './augment-pass'
import { type DensePixels, PixelLists } from './input-images'
import { drawsInGroups } from './kernels/pixel-groups'
import { ListDrawing } from './list-drawing'
import { PictureDrawing } from './picture-drawing'

/** What distorts the training images of a run, and what it makes of them. */
export interface Distortion {
  readonly pass: AugmentPass
  readonly drawing: ListDrawing | PictureDrawing
}

/** null: the run trains on images as they are. */
export function distortionOf(
  arena: Arena,
  { dataset: { augment }, training: { seed } }: RunSpec,
  { rows, cols }: ImageSet,
  pixels: PixelLists | DensePixels,
  size: { readonly capacity: number; readonly threads: number },
): Distortion | null {
  if (augment === null) return null
  const drawing =
    pixels instanceof PixelLists && drawsInGroups(rows, cols)
      ? new ListDrawing(arena, rows, cols, pixels)
      : new PictureDrawing(arena, rows, cols, size.capacity)
  const augmenter = new Augmenter(augment, seed, rows, cols)
  return { pass: new AugmentPass(arena, augmenter, drawing, size), drawing }
}
