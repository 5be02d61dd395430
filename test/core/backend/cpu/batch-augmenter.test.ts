import { describe, expect, it } from 'vitest'
import { BatchAugmenter } from '#core/backend/cpu/batch-augmenter'
import { Augmenter } from '#core/data/augment'
import type { ImageSet } from '#core/data/dataset'
import type { AugmentSpec } from '#core/spec/dataset'
import { readMnist } from '../../../mnist'
import { smallDataset } from '../small-dataset'

const affine: AugmentSpec = { shift: 2, rotate: 15, scale: 0.15, shear: 10, elastic: null }

const specs: readonly (readonly [string, AugmentSpec])[] = [
  ['no distortion', { shift: 0, rotate: 0, scale: 0, shear: 0, elastic: null }],
  ['an affine map', affine],
  [
    'a map that leaves the picture',
    { shift: 14, rotate: 180, scale: 0.9, shear: 60, elastic: null },
  ],
  ...[1, 2, 4, 10].map(
    (sigma) =>
      [`elastic distortion, sigma ${sigma}`, { ...affine, elastic: { alpha: 34, sigma } }] as const,
  ),
  ['a field beyond all bounds', { ...affine, elastic: { alpha: 1e9, sigma: 4 } }],
  ['no field', { ...affine, elastic: { alpha: 0, sigma: 4 } }],
]

const sets: readonly (readonly [string, ImageSet])[] = [
  ['28 x 28', readMnist().train],
  ['27 x 29', smallDataset().train],
  ['noise of 9 x 16', noise(9, 16)],
  ['noise of 35 x 3', noise(35, 3)],
]

function noise(rows: number, cols: number): ImageSet {
  const count = 100
  const images = Uint8Array.from(
    { length: count * rows * cols },
    (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24,
  )
  return { images, labels: new Uint8Array(count), count, rows, cols, classes: 10 }
}

describe.each(sets)('BatchAugmenter on images of %s', (_, set) => {
  it.each(specs)('makes the bits of the plain Augmenter: %s', (_name, spec) => {
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
