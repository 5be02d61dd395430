import { describe, expect, it } from 'vitest'
import { BatchAugmenter } from '#core/backend/cpu/batch-augmenter'
import { Augmenter } from '#core/data/augment'
import type { ImageSet } from '#core/data/dataset'
import { readMnist } from '../../../mnist'
import { smallDataset } from '../small-dataset'
import { augmentSpecs, noise } from './augment-cases'

const sets: readonly (readonly [string, ImageSet])[] = [
  ['28 x 28', readMnist().train],
  ['27 x 29', smallDataset().train],
  ['noise of 9 x 16', noise(9, 16)],
  ['noise of 35 x 3', noise(35, 3)],
]

describe.each(sets)('BatchAugmenter on images of %s', (_, set) => {
  it.each(augmentSpecs)('makes the bits of the plain Augmenter: %s', (_name, spec) => {
    const pixels = set.rows * set.cols
    const indices = Uint32Array.from({ length: 75 }, (_, i) => (i * 37) % set.count)
    const found = new BatchAugmenter(spec, 0xfedcba98, set).augmented(indices, 3)
    const plain = new Augmenter(spec, 0xfedcba98, set.rows, set.cols)
    const expected = new Uint8Array(indices.length * pixels)
    indices.forEach((index, row) => {
      plain.augmentInto(expected, row * pixels, set.images, index, 3)
    })
    expect(Buffer.compare(found, expected)).toBe(0)
    expect(expected.some((level) => level > 0)).toBe(true)
  })
})
