import { PNG } from 'pngjs'
import { inflateSync } from 'node:zlib'
import { fail, ok, type Result } from '#core/tensor/result'

export interface RgbaImage {
  /** [height * width * 4], row-major, 8 bits each, not premultiplied. */
  readonly rgba: Uint8Array
  readonly width: number
  readonly height: number
}

interface PngHeader {
  readonly width: number
  readonly height: number
  readonly bitDepth: number
  readonly colourType: number
  readonly interlaced: boolean
  /** The compressed pixels, chunk by chunk. */
  readonly compressed: readonly Uint8Array[]
}

/** A photograph of 16 megapixels; decoded it takes 64 MB. */
const MOST_PIXELS = 4096 * 4096
const MOST_BYTES = 64 * 1024 * 1024
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const CHUNK_FRAME = 12
/** Passes of an interlaced image: left, top, step across, step down. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const
/** Samples a pixel of each colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/**
 * Decodes a PNG file of any kind to 8-bit RGBA. Its declared size and the size of its unpacked pixels are checked
 * before anything is allocated for them. The error completes the sentence "The image cannot be read: ...".
 */
export function decodePng(file: Uint8Array): Result<RgbaImage, string> {
  const header = readHeader(file)
  if (!header.ok) return header
  const { width, height, compressed } = header.value
  try {
    const unpacked = unpackedBytes(header.value)
    // One byte more than needed is allowed, so that a file with too many is told from one with too few.
    const found = inflateSync(Buffer.concat(compressed), { maxOutputLength: unpacked + 1 }).length
    if (found !== unpacked)
      return fail(`it is damaged (${unpacked} bytes of pixels expected, found ${found})`)
    const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
    const { data } = PNG.sync.read(buffer)
    return ok({ rgba: data, width, height })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail(`it is damaged (${reason})`)
  }
}

/** Walks the chunks; a second header could otherwise raise the size after the check. */
function readHeader(file: Uint8Array): Result<PngHeader, string> {
  if (file.length > MOST_BYTES)
    return fail(`the file has ${file.length} bytes, more than the ${MOST_BYTES} that are read`)
  if (SIGNATURE.some((byte, i) => file[i] !== byte)) return fail('it is not a PNG file')
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const compressed: Uint8Array[] = []
  let size: Omit<PngHeader, 'compressed'> | null = null
  let at = SIGNATURE.length
  while (at + CHUNK_FRAME <= file.length) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8))
    const body = file.subarray(at + 8, at + 8 + length)
    at += CHUNK_FRAME + length
    if (at > file.length) break
    if ((type === 'IHDR') !== (size === null)) return fail('it is damaged (misplaced header)')
    if (type === 'IHDR') {
      const checked = readSize(view, body)
      if (!checked.ok) return checked
      size = checked.value
    }
    if (type === 'IDAT') compressed.push(body)
    if (type === 'IEND' && size !== null) return ok({ ...size, compressed })
  }
  return fail('it is cut off')
}

function readSize(view: DataView, body: Uint8Array): Result<Omit<PngHeader, 'compressed'>, string> {
  if (body.length !== 13) return fail('it is damaged (header length)')
  const start = body.byteOffset - view.byteOffset
  const width = view.getUint32(start)
  const height = view.getUint32(start + 4)
  if (width === 0 || height === 0) return fail(`its size is ${width} x ${height}`)
  if (width * height > MOST_PIXELS)
    return fail(`it has ${width} x ${height} pixels, more than the ${MOST_PIXELS} that are read`)
  const [bitDepth = 0, colourType = 0, , , interlace] = body.subarray(8)
  return ok({ width, height, bitDepth, colourType, interlaced: interlace === 1 })
}

/** Size of the pixels after decompression: each row of each pass has a filter byte and is padded to whole bytes. */
function unpackedBytes(header: PngHeader): number {
  const bits = header.bitDepth * (CHANNELS[header.colourType] ?? 4)
  const passes = header.interlaced ? ADAM7 : [[0, 0, 1, 1] as const]
  let bytes = 0
  for (const [left, top, across, down] of passes) {
    const columns = Math.ceil((header.width - left) / across)
    const rows = Math.ceil((header.height - top) / down)
    if (columns > 0 && rows > 0) bytes += rows * (1 + Math.ceil((columns * bits) / 8))
  }
  return bytes
}
