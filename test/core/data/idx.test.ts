import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readIdx } from '#core/data/idx'
import { imageSetFrom } from '#core/data/image-set'

function idxFile(shape: number[], data: number[], type = 0x08): Uint8Array {
  const file = new Uint8Array(4 + 4 * shape.length + data.length)
  file.set([0, 0, type, shape.length])
  const view = new DataView(file.buffer)
  shape.forEach((size, i) => {
    view.setUint32(4 + 4 * i, size)
  })
  file.set(data, 4 + 4 * shape.length)
  return file
}

function reasonOf(file: Uint8Array): string {
  const read = readIdx(file)
  return read.ok ? 'it was read' : read.error
}

describe('readIdx', () => {
  it('reads shape and data, also from the middle of a buffer', () => {
    const shapes = fc.array(fc.nat(4), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(shapes, fc.nat(9), (shape, offset) => {
        const length = shape.reduce((product, size) => product * size, 1)
        const data = Array.from({ length }, (_, i) => i % 256)
        const file = idxFile(shape, data)
        const larger = new Uint8Array(offset + file.length)
        larger.set(file, offset)
        const read = readIdx(larger.subarray(offset))
        if (!read.ok) throw new Error(read.error)
        expect(read.value.shape).toEqual(shape)
        expect([...read.value.data]).toEqual(data)
      }),
    )
  })

  it('refuses a file that is cut off anywhere', () => {
    const file = idxFile([2, 2], [1, 2, 3, 4])
    for (let length = 0; length < file.length; length++)
      expect(readIdx(file.subarray(0, length)).ok).toBe(false)
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['is empty', new Uint8Array(0), /at least 4 bytes, this one 0/],
    ['is something else', Uint8Array.of(0x1f, 0x8b, 8, 1), /does not begin as an IDX file/],
    ['holds floats', idxFile([1], [0, 0, 0, 0], 0x0d), /type 0xd, expected unsigned bytes/],
    ['has no dimensions', Uint8Array.of(0, 0, 8, 0, 1), /no dimensions/],
    ['ends in its header', Uint8Array.of(0, 0, 8, 255), /header needs 1024 bytes/],
    ['claims more than there is', idxFile([2 ** 32 - 1, 2 ** 32 - 1], [1]), /found 1$/],
    ['has bytes left over', idxFile([2], [1, 2, 3]), /says 2 = 2 bytes of data, found 3/],
  ])('says so when a file %s', (_, file, reason) => {
    expect(reasonOf(file)).toMatch(reason)
  })
})

describe('imageSetFrom', () => {
  const images = { shape: [2, 1, 2], data: Uint8Array.of(1, 2, 3, 4) }

  it('pairs images with labels', () => {
    const set = imageSetFrom(images, { shape: [2], data: Uint8Array.of(0, 9) }, 10)
    expect(set.ok && set.value).toMatchObject({ count: 2, rows: 1, cols: 2, classes: 10 })
  })

  it.each([
    [{ shape: [3], data: Uint8Array.of(0, 1, 2) }, /2 images, but labels of shape 3/],
    [{ shape: [2, 1], data: Uint8Array.of(0, 1) }, /labels of shape 2 x 1/],
    [{ shape: [2], data: Uint8Array.of(0, 10) }, /label 10 of image 1 is not below 10/],
  ])('refuses labels %j', (labels, reason) => {
    const set = imageSetFrom(images, labels, 10)
    expect(set.ok ? '' : set.error).toMatch(reason)
  })

  it('refuses images that are not three-dimensional', () => {
    const set = imageSetFrom(
      { shape: [4], data: images.data },
      { shape: [4], data: images.data },
      10,
    )
    expect(set.ok ? '' : set.error).toMatch(/3 dimensions, these 1/)
  })
})
