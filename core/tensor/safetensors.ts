/*
 * The safetensors file format (huggingface/safetensors): 8 bytes little-endian length of the header, the header as
 * JSON, then the values. The tensors lie end to end and fill the rest of the file. Typed arrays are assumed to be
 * little-endian, as they are on every machine that runs this program.
 */
import { z } from 'zod'
import { fail, ok, type Result } from './result'
import { decodeUtf8 } from './utf8'

export type SafetensorsData = Float32Array | Float64Array | Uint32Array | BigInt64Array | Uint8Array

export interface SafeTensor {
  readonly shape: readonly number[]
  /** Row-major; its class is the tensor's dtype. */
  readonly data: SafetensorsData
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, SafeTensor>
  readonly metadata: Readonly<Record<string, string>>
}

/** A tensor that cannot be written: a mistake of the program. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError'
}

const dtypes = {
  F64: { bytes: 8, read: (buffer: ArrayBuffer) => new Float64Array(buffer) },
  I64: { bytes: 8, read: (buffer: ArrayBuffer) => new BigInt64Array(buffer) },
  F32: { bytes: 4, read: (buffer: ArrayBuffer) => new Float32Array(buffer) },
  U32: { bytes: 4, read: (buffer: ArrayBuffer) => new Uint32Array(buffer) },
  U8: { bytes: 1, read: (buffer: ArrayBuffer) => new Uint8Array(buffer) },
} as const
type Dtype = keyof typeof dtypes
const dtypeNames = Object.keys(dtypes) as [Dtype, ...Dtype[]]

const LENGTH_BYTES = 8
/** As in the format's own implementation: no honest header is longer. */
const LONGEST_HEADER = 100_000_000
const METADATA = '__metadata__'

const entrySchema = z.strictObject({
  dtype: z.enum(dtypeNames),
  shape: z.array(z.int().min(0)).max(16),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
})
const metadataSchema = z.record(z.string(), z.string())

/** Tensors with larger elements come first, so that each begins at a multiple of its element size. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafeTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort(
    ([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT,
  )
  const entries = Object.keys(metadata).length > 0 ? [member(METADATA, metadata)] : []
  let end = 0
  for (const [name, { shape, data }] of ordered) {
    checkWritable(name, shape, data.length)
    const begin = end
    end += data.byteLength
    entries.push(member(name, { dtype: dtypeOf(data), shape, data_offsets: [begin, end] }))
  }
  const json = `{${entries.join(',')}}`
  const header = json.padEnd(Math.ceil(json.length / 8) * 8)
  const file = new Uint8Array(LENGTH_BYTES + header.length + end)
  new DataView(file.buffer).setUint32(0, header.length, true)
  for (let i = 0; i < header.length; i++) file[LENGTH_BYTES + i] = header.charCodeAt(i)
  let at = LENGTH_BYTES + header.length
  for (const [, { data }] of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return file
}

/** The tensors, in the order of the file, as copies. The error is a sentence that says what is wrong with the file. */
export function readSafetensors(bytes: Uint8Array): Result<Safetensors, string> {
  const header = readHeader(bytes)
  if (!header.ok) return header
  const { members, dataStart } = header.value
  const metadata = metadataSchema.safeParse(members[METADATA] ?? {})
  if (!metadata.success) return fail(`its ${METADATA} is not a map from text to text`)
  const entries: [string, z.output<typeof entrySchema>][] = []
  for (const [name, member] of Object.entries(members)) {
    if (name === METADATA) continue
    const entry = entrySchema.safeParse(member)
    if (!entry.success) return fail(`tensor "${name}": ${describe(entry.error)}`)
    entries.push([name, entry.data])
  }
  entries.sort(([, a], [, b]) => compareOffsets(a.data_offsets, b.data_offsets))
  const available = bytes.length - dataStart
  const problem = offsetProblem(entries, available)
  if (problem !== null) return fail(problem)
  const tensors = new Map<string, SafeTensor>()
  for (const [name, { dtype, shape, data_offsets }] of entries) {
    const [begin, end] = data_offsets
    const copy = new Uint8Array(end - begin)
    copy.set(bytes.subarray(dataStart + begin, dataStart + end))
    tensors.set(name, { shape, data: dtypes[dtype].read(copy.buffer) })
  }
  return ok({ tensors, metadata: metadata.data })
}

function readHeader(
  bytes: Uint8Array,
): Result<{ members: Record<string, unknown>; dataStart: number }, string> {
  if (bytes.length < LENGTH_BYTES)
    return fail(`a safetensors file has at least ${LENGTH_BYTES} bytes, this one ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > LONGEST_HEADER || LENGTH_BYTES + length > bytes.length)
    return fail(`its header should be ${length} bytes long, but the file has ${bytes.length} bytes`)
  const dataStart = LENGTH_BYTES + length
  let json: unknown
  try {
    json = JSON.parse(decodeUtf8(bytes.subarray(LENGTH_BYTES, dataStart)))
  } catch {
    return fail('its header is not JSON text: this is no safetensors file')
  }
  const members = z.record(z.string(), z.unknown()).safeParse(json)
  if (!members.success) return fail('its header is not a JSON object')
  return ok({ members: members.data, dataStart })
}

/** The tensors must fill the data from its first byte to its last, without holes or overlaps. */
function offsetProblem(
  entries: readonly [string, z.output<typeof entrySchema>][],
  available: number,
): string | null {
  let reached = 0
  for (const [name, { dtype, shape, data_offsets }] of entries) {
    const [begin, end] = data_offsets
    if (begin !== reached)
      return `tensor "${name}" begins at byte ${begin} of the data, expected ${reached}`
    if (end > available)
      return `tensor "${name}" ends at byte ${end} of the data, but there are only ${available}: the file is cut off`
    const expected = shape.reduce((product, size) => product * size, dtypes[dtype].bytes)
    if (end - begin !== expected)
      return `tensor "${name}" of shape [${shape.join(', ')}] and type ${dtype} needs ${expected} bytes, found ${end - begin}`
    reached = end
  }
  return reached === available ? null : `${available - reached} bytes belong to no tensor`
}

function compareOffsets(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1]
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0]
  if (issue?.path[0] === 'dtype') return `its type is not one of ${dtypeNames.join(', ')}`
  return `its ${issue?.path.join('.') || 'entry'} is not as the format wants it`
}

function checkWritable(name: string, shape: readonly number[], length: number): void {
  const expected = shape.reduce((product, size) => product * size, 1)
  if (expected !== length)
    throw new SafetensorsError(
      `"${name}": shape [${shape.join(', ')}] needs ${expected} values, found ${length}`,
    )
  if (name === METADATA) throw new SafetensorsError(`no tensor can be named ${METADATA}`)
}

function dtypeOf(data: SafetensorsData): Dtype {
  if (data instanceof Float32Array) return 'F32'
  if (data instanceof Float64Array) return 'F64'
  if (data instanceof Uint32Array) return 'U32'
  if (data instanceof BigInt64Array) return 'I64'
  return 'U8'
}

/** One member of the header's object, in ASCII only. */
function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`.replace(/[^\0-\x7f]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
