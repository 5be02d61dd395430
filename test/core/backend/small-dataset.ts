import type { Dataset, ImageSet } from '#core/data/dataset'
import { readMnist } from '../../mnist'

/** MNIST cut to 27 x 29 = 783 pixels, 300 images to train on and 101 to test: nothing is divisible by anything. */
export function smallDataset(): Dataset {
  const { train, test } = readMnist()
  return { name: 'small', train: cut(train, 300), test: cut(test, 101), hash: 'small' }
}

const ROWS = 27
const COLS = 29

function cut(set: ImageSet, count: number): ImageSet {
  const images = new Uint8Array(count * ROWS * COLS)
  for (let image = 0; image < count; image++)
    for (let row = 0; row < ROWS; row++) {
      const from = image * 784 + row * 28
      images.set(set.images.subarray(from, from + 28), image * ROWS * COLS + row * COLS)
    }
  return { ...set, images, labels: set.labels.slice(0, count), count, rows: ROWS, cols: COLS }
}
