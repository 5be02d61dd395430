import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadMnist } from '../../../electron/data/load-mnist'
import type { Bench, Values } from '../section'
import { jsSource } from './js'
import { torchSource } from './torch'

let bench: Bench
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradient-workbench-'))
  const dataset = await loadMnist()
  if (!dataset.ok) throw new Error(dataset.error)
  bench = {
    dataset: dataset.value,
    threadCounts: [1, 2],
    repeats: 1,
    relaxedSimd: true,
    peak: () => 50,
    root: folder,
    scripts: import.meta.dirname,
    bundle: pathToFileURL(`${folder}/`),
    print: () => undefined,
  }
})

afterAll(() => rm(folder, { recursive: true }))

it('without a Python it is said how to name or get one', async () => {
  const python = join(folder, 'python')
  await expect(torchSource.open(bench, { python })).rejects.toMatchObject({
    status: 2,
    message: expect.stringMatching(
      /did not start it(.|\n)*ENOENT(.|\n)*--python PATH.*pip install/,
    ),
  })
})

it('what a Python without PyTorch says is passed on', async () => {
  // Node as the Python: it reads torch_bench.py, understands nothing and ends.
  await expect(torchSource.open(bench, { python: process.execPath })).rejects.toMatchObject({
    status: 2,
    message: expect.stringMatching(/torch eager ended: .*(.|\n)*pip install torch/),
  })
})

it.each([
  ['no folder is named', (): Values => ({}), 'needs --packages FOLDER'],
  ['the folder has no packages', (): Values => ({ packages: folder }), '@jax-js'],
])('jax-js and tfjs: where %s, the command that installs them is told', async (_, values, why) => {
  await expect(jsSource.open(bench, values())).rejects.toMatchObject({
    status: 2,
    message: expect.stringContaining(why),
  })
  await expect(jsSource.open(bench, values())).rejects.toThrow(
    /npm install --prefix FOLDER @jax-js\/jax@\S+ @tensorflow\/tfjs-core@/,
  )
})
