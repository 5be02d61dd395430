import fc from 'fast-check'
import { crc32, deflateSync } from 'node:zlib'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { decodePng } from '../../../electron/data/png'

function chunk(type: string, body: Uint8Array): Buffer {
  const name = Buffer.from(type)
  const framed = Buffer.alloc(12 + body.length)
  framed.writeUInt32BE(body.length, 0)
  name.copy(framed, 4)
  framed.set(body, 8)
  framed.writeUInt32BE(crc32(body, crc32(name)), 8 + body.length)
  return framed
}

function header(width: number, height: number, interlace = 0): Buffer {
  const body = Buffer.alloc(13)
  body.writeUInt32BE(width, 0)
  body.writeUInt32BE(height, 4)
  body.set([8, 0, 0, 0, interlace], 8)
  return chunk('IHDR', body)
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const end = chunk('IEND', new Uint8Array(0))

function pngOf(...chunks: Buffer[]): Buffer {
  return Buffer.concat([signature, ...chunks, end])
}

function reasonOf(file: Uint8Array): string {
  const decoded = decodePng(file)
  return decoded.ok ? 'it was decoded' : decoded.error
}

const grey2x2 = pngOf(header(2, 2), chunk('IDAT', deflateSync(Uint8Array.of(0, 10, 20, 0, 30, 40))))

describe('decodePng', () => {
  it('decodes grey to RGBA', () => {
    const decoded = decodePng(grey2x2)
    if (!decoded.ok) throw new Error(decoded.error)
    const { rgba, width, height } = decoded.value
    expect([width, height]).toEqual([2, 2])
    expect([...rgba]).toEqual([10, 20, 30, 40].flatMap((level) => [level, level, level, 255]))
  })

  it('decodes what pngjs wrote, alpha included, from the middle of a buffer', () => {
    const png = new PNG({ width: 3, height: 1 })
    png.data.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    const file = PNG.sync.write(png)
    const decoded = decodePng(Buffer.concat([Buffer.alloc(7), file]).subarray(7))
    expect(decoded.ok && [...decoded.value.rgba]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  })

  it('decodes an interlaced image', () => {
    // 3 x 3: the passes that have pixels hold (0,0); (2,0); (0,2),(2,2); (1,0),(1,2); row 1
    const passes = [0, 1, 0, 3, 0, 7, 9, 0, 2, 0, 8, 0, 4, 5, 6]
    const file = pngOf(header(3, 3, 1), chunk('IDAT', deflateSync(Uint8Array.from(passes))))
    const decoded = decodePng(file)
    const levels = decoded.ok ? [...decoded.value.rgba].filter((_, i) => i % 4 === 0) : []
    expect(levels).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('is never crashed by a changed byte or a cut', () => {
    fc.assert(
      fc.property(fc.nat(grey2x2.length - 1), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(grey2x2)
        changed[at] = value
        expect(typeof decodePng(changed).ok).toBe('boolean')
      }),
    )
    for (let length = 0; length < grey2x2.length; length++)
      expect(decodePng(grey2x2.subarray(0, length)).ok).toBe(false)
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['is a JPEG', Uint8Array.of(0xff, 0xd8, 0xff), /not a PNG file/],
    ['declares giant sides', pngOf(header(2 ** 31, 2 ** 31)), /more than the 16777216/],
    ['has no width', pngOf(header(0, 5)), /size is 0 x 5/],
    [
      'raises its size in a second header',
      pngOf(header(2, 2), header(9999, 9999)),
      /misplaced header/,
    ],
    [
      'does not begin with its header',
      pngOf(chunk('tEXt', Buffer.of(1)), header(1, 1)),
      /misplaced/,
    ],
    ['has a wrong checksum', flipped(grey2x2, 29), /damaged/],
    ['has no pixels', pngOf(header(2, 2)), /damaged/],
    [
      'has too few pixels',
      pngOf(header(9, 9), chunk('IDAT', deflateSync(Buffer.of(0, 1)))),
      /90 bytes of pixels expected, found 2/,
    ],
    [
      'unpacks to far more than it declares',
      pngOf(header(1, 1, 1), chunk('IDAT', deflateSync(new Uint8Array(1_000_000)))),
      /damaged \(Cannot create a Buffer larger/,
    ],
  ])('says so when a file %s', (_, file, reason) => {
    expect(reasonOf(file)).toMatch(reason)
  })
})

function flipped(file: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(file)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}
