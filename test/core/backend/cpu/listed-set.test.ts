import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Arena } from '#core/backend/cpu/arena'
import { blockCount, ENTRY_BYTES } from '#core/backend/cpu/kernels/images'
import { ListedSet } from '#core/backend/cpu/listed-set'
import { ROW_BYTES } from '#core/backend/cpu/panels'
import type { ImageSet } from '#core/data/dataset'

/** Images of any size, anywhere in their buffer, as dark as MNIST's. */
const imageSets = fc
  .record({
    count: fc.integer({ min: 0, max: 6 }),
    rows: fc.integer({ min: 1, max: 9 }),
    cols: fc.integer({ min: 1, max: 9 }),
    offset: fc.integer({ min: 0, max: 5 }),
  })
  .chain(({ count, rows, cols, offset }) => {
    const length = count * rows * cols
    const level = fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      fc.integer({ max: 255, min: 1 }),
    )
    return fc.array(level, { minLength: length, maxLength: length }).map((levels): ImageSet => {
      // The buffer ends with the last pixel and holds what is no pixel before the first.
      const images = new Uint8Array(new ArrayBuffer(offset + length), offset)
      new Uint8Array(images.buffer).fill(9)
      images.set(levels)
      return { images, labels: new Uint8Array(count), count, rows, cols, classes: 1 }
    })
  })

it('lists place and scaled level of each pixel that is not black, and writes nothing else', () => {
  fc.assert(
    fc.property(imageSets, (set) => {
      const arena = new Arena()
      const before = arena.reserve(8)
      const lists = new ListedSet(arena, set)
      const after = arena.reserve(8)
      const buffer = new ArrayBuffer(after + 8)
      const floats = new Float32Array(buffer)
      const words = new Uint32Array(buffer)
      words[before / 4] = 123
      words[after / 4] = 456
      lists.attach(floats, words, 0.1)
      const features = set.rows * set.cols
      for (let image = 0; image < set.count; image++) {
        const range = new Uint32Array(blockCount(features) + 1)
        lists.writeRanges(image, range, 0)
        const found: [number, number][] = []
        for (let at = range[0] ?? 0; at < (range.at(-1) ?? 0); at += ENTRY_BYTES)
          found.push([(words[at / 4 + 1] ?? NaN) / ROW_BYTES, floats[at / 4] ?? NaN])
        const wanted = [...set.images.subarray(image * features, (image + 1) * features)].flatMap(
          (level, pixel) => (level === 0 ? [] : [[pixel, Math.fround(level * Math.fround(0.1))]]),
        )
        expect(found).toEqual(wanted)
      }
      expect([words[before / 4], words[after / 4]]).toEqual([123, 456])
    }),
  )
})
