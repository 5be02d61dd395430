import { fail, ok, type Result } from '#core/tensor/result'
import type { ImageSet } from './dataset'
import type { IdxTensor } from './idx'

/** Images [count, rows, cols] with their labels [count], each below `classes`. Shares the arrays. */
export function imageSetFrom(
  images: IdxTensor,
  labels: IdxTensor,
  classes: number,
): Result<ImageSet, string> {
  const [count, rows, cols] = images.shape
  if (images.shape.length !== 3 || count === undefined || rows === undefined || cols === undefined)
    return fail(`images have 3 dimensions, these ${images.shape.length}`)
  if (labels.shape.length !== 1 || labels.data.length !== count)
    return fail(`there are ${count} images, but labels of shape ${labels.shape.join(' x ')}`)
  const wrong = labels.data.findIndex((label) => label >= classes)
  if (wrong !== -1)
    return fail(`label ${labels.data[wrong] ?? ''} of image ${wrong} is not below ${classes}`)
  return ok({ images: images.data, labels: labels.data, count, rows, cols, classes })
}
