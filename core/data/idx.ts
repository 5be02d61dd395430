import { fail, ok, type Result } from '#core/tensor/result'

/** Bytes of the IDX format of yann.lecun.com: images [count, rows, cols] or labels [count]. */
export interface IdxTensor {
  readonly shape: readonly number[]
  /** Row-major, a view into the file. */
  readonly data: Uint8Array
}

const UNSIGNED_BYTE = 0x08

/**
 * Reads an IDX file of unsigned bytes. Header: 0, 0, element type, number of dimensions, then each dimension as a
 * big-endian 32-bit number. Nothing is allocated; the header must account for every byte of the file.
 */
export function readIdx(bytes: Uint8Array): Result<IdxTensor, string> {
  const [zero0, zero1, type, dimensions] = bytes
  if (type === undefined || dimensions === undefined)
    return fail(`an IDX file has at least 4 bytes, this one ${bytes.length}`)
  if (zero0 !== 0 || zero1 !== 0) return fail('it does not begin as an IDX file does')
  if (type !== UNSIGNED_BYTE)
    return fail(`its elements have type 0x${type.toString(16)}, expected unsigned bytes (0x8)`)
  if (dimensions === 0) return fail('its header names no dimensions')
  const headerBytes = 4 + 4 * dimensions
  if (bytes.length < headerBytes)
    return fail(`its header needs ${headerBytes} bytes, but the file has ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i))
  const expected = shape.reduce((product, size) => product * size, 1)
  const found = bytes.length - headerBytes
  if (expected !== found)
    return fail(`its header says ${shape.join(' x ')} = ${expected} bytes of data, found ${found}`)
  return ok({ shape, data: bytes.subarray(headerBytes) })
}
