import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  readSafetensors,
  SafetensorsError,
  writeSafetensors,
  type SafeTensor,
} from '#core/tensor/safetensors'

const weights = new Map<string, SafeTensor>([
  ['0.weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, -0) }],
  ['0.bias', { shape: [2], data: Float32Array.of(NaN, Infinity) }],
  ['optimizer.step', { shape: [], data: BigInt64Array.of(-7n) }],
  ['mask', { shape: [3], data: Uint8Array.of(1, 2, 255) }],
])

function fileWith(header: string, data: number[] = []): Uint8Array {
  const text = new TextEncoder().encode(header)
  const file = new Uint8Array(8 + text.length + data.length)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
  file.set(text, 8)
  file.set(data, 8 + text.length)
  return file
}

function entry(dtype: string, shape: unknown, begin: unknown, end: unknown): string {
  return JSON.stringify({ dtype, shape, data_offsets: [begin, end] })
}

function reasonOf(file: Uint8Array): string {
  const read = readSafetensors(file)
  return read.ok ? 'it was read' : read.error
}

const dataArbitrary = fc.oneof(
  fc.float32Array({ maxLength: 24 }),
  fc.float64Array({ maxLength: 24 }),
  fc.uint32Array({ maxLength: 24 }),
  fc.uint8Array({ maxLength: 24 }),
  fc
    .array(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), { maxLength: 24 })
    .map((v) => new BigInt64Array(v)),
)
const nameArbitrary = fc
  .string({ unit: 'binary', maxLength: 12 })
  .filter((name) => name !== '__metadata__' && name !== '__proto__')

describe('writing and reading safetensors', () => {
  it('gives back what was written, bit for bit', () => {
    fc.assert(
      fc.property(
        fc.dictionary(nameArbitrary, dataArbitrary, { noNullPrototype: true }),
        fc.dictionary(nameArbitrary, fc.string({ unit: 'binary' }), { noNullPrototype: true }),
        (arrays, metadata) => {
          const tensors = new Map<string, SafeTensor>(
            Object.entries(arrays).map(([name, data]) => [name, { shape: [data.length, 1], data }]),
          )
          const read = readSafetensors(writeSafetensors(tensors, metadata))
          if (!read.ok) throw new Error(read.error)
          expect(read.value.metadata).toEqual(metadata)
          expect(read.value.tensors.size).toBe(tensors.size)
          for (const [name, { shape, data }] of tensors) {
            const back = read.value.tensors.get(name)
            expect(back?.shape).toEqual(shape)
            expect(back?.data.constructor).toBe(data.constructor)
            expect(bytesOf(back?.data ?? new Uint8Array())).toEqual(bytesOf(data))
          }
        },
      ),
    )
  })

  it('puts the data, and every tensor in it, at a multiple of its element size', () => {
    const file = writeSafetensors(weights, { note: 'é' })
    const length = Number(new DataView(file.buffer).getBigUint64(0, true))
    expect(length % 8).toBe(0)
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<
      string,
      { data_offsets: [number, number] }
    >
    expect(header['optimizer.step']?.data_offsets).toEqual([0, 8])
    expect(header['0.weight']?.data_offsets).toEqual([8, 32])
    expect(header.mask?.data_offsets).toEqual([40, 43])
  })

  it('reads from the middle of a larger buffer', () => {
    const file = writeSafetensors(weights)
    const larger = new Uint8Array(file.length + 13)
    larger.set(file, 5)
    const read = readSafetensors(larger.subarray(5, 5 + file.length))
    expect(read.ok && read.value.tensors.get('0.weight')?.data).toEqual(
      weights.get('0.weight')?.data,
    )
  })

  it('reads UTF-8 as other programs write it', () => {
    const read = readSafetensors(fileWith('{"__metadata__":{"author":"Zoë 100% 🙂"}}'))
    expect(read.ok && read.value.metadata).toEqual({ author: 'Zoë 100% 🙂' })
  })

  it('refuses to write a tensor whose shape lies', () => {
    const wrong = new Map([['a', { shape: [3], data: new Float32Array(2) }]])
    expect(() => writeSafetensors(wrong)).toThrow(SafetensorsError)
    const reserved = new Map([['__metadata__', { shape: [2], data: new Float32Array(2) }]])
    expect(() => writeSafetensors(reserved)).toThrow(SafetensorsError)
  })
})

describe('a bad safetensors file', () => {
  it('is refused at whatever byte it is cut off', () => {
    const file = writeSafetensors(weights)
    for (let length = 0; length < file.length; length++)
      expect(readSafetensors(file.subarray(0, length)).ok).toBe(false)
  })

  it('never crashes the reader, whatever byte is changed', () => {
    const file = writeSafetensors(weights, { a: 'b' })
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), (at, value) => {
        const changed = file.slice()
        changed[at] = value
        expect(typeof readSafetensors(changed).ok).toBe('boolean')
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readSafetensors(bytes).ok).toBe(false)
      }),
    )
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['is shorter than its length', new Uint8Array(3), /at least 8 bytes, this one 3/],
    [
      'claims a giant header',
      new Uint8Array(16).fill(255),
      /header should be 18446744073709552000/,
    ],
    ['has no JSON in its header', fileWith('{"a":'), /not JSON/],
    ['has bytes that are no UTF-8', fileWith('{"a":1}').fill(0xff, 9, 10), /not JSON/],
    ['has a list as its header', fileWith('[]'), /not a JSON object/],
    ['has metadata that is no text', fileWith('{"__metadata__":{"a":1}}'), /__metadata__/],
    [
      'has an unknown type',
      fileWith(`{"a":${entry('F16', [1], 0, 2)}}`, [0, 0]),
      /type is not one of F64/,
    ],
    [
      'has a negative size',
      fileWith(`{"a":${entry('U8', [-1], 0, 1)}}`, [0]),
      /its shape\.0 is not/,
    ],
    ['has offsets of text', fileWith(`{"a":${entry('U8', [1], '0', 1)}}`, [0]), /data_offsets\.0/],
    [
      'has offsets that run backwards',
      fileWith(`{"a":${entry('U8', [1], 0, -1)}}`),
      /data_offsets\.1/,
    ],
    [
      'has sizes that overflow',
      fileWith(`{"a":${entry('U8', [2 ** 52, 2 ** 52], 0, 1)}}`, [0]),
      /needs/,
    ],
    [
      'claims more data than there is',
      fileWith(`{"a":${entry('F32', [9], 0, 36)}}`, [0]),
      /only 1: the file is cut off/,
    ],
    [
      'has a shape that does not fit its bytes',
      fileWith(`{"a":${entry('F32', [1], 0, 2)}}`, [0, 0]),
      /needs 4 bytes, found 2/,
    ],
    [
      'leaves a hole',
      fileWith(`{"a":${entry('U8', [1], 1, 2)}}`, [0, 0]),
      /begins at byte 1 .* expected 0/,
    ],
    [
      'overlaps',
      fileWith(`{"a":${entry('U8', [2], 0, 2)},"b":${entry('U8', [1], 1, 2)}}`, [0, 0]),
      /"b" begins at byte 1/,
    ],
    ['has bytes left over', fileWith('{}', [0, 0]), /2 bytes belong to no tensor/],
  ])('that %s says so', (_, file, reason) => {
    expect(reasonOf(file)).toMatch(reason)
  })
})

function bytesOf(data: SafeTensor['data']): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
