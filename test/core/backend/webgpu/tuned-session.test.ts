import { expect, test } from 'vitest'
import type { Backend, Block, SessionSetup, SessionState } from '#core/backend/backend'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { TileBook } from '#core/backend/webgpu/tile-book'
import { tileCandidates, workgroupLimits } from '#core/backend/webgpu/tile-candidates'
import type { ProductShape } from '#core/backend/webgpu/product-shape'
import { usualTiles } from '#core/backend/webgpu/tiles'
import { createWebgpuBackend } from '#core/backend/webgpu/webgpu-backend'
import type { WebgpuOptions } from '#core/backend/webgpu/webgpu-options'
import { runSpecSchema } from '#core/spec/run-spec'
import { Mt19937 } from '#core/tensor/mt19937'
import { drawParameters, toStateTensor } from '#core/training/initial-parameters'
import { smallDataset } from '../small-dataset'
import { findTestAdapter } from '../webgpu-device'

const adapter = await findTestAdapter()
const gpuTest = test.skipIf(adapter === null)
const dataset = smallDataset()

const starter = specOf([7])
const deep = specOf([37, 19])

function specOf(hidden: readonly number[]) {
  const layers = hidden.flatMap((outFeatures) => [
    { type: 'Linear', outFeatures },
    { type: 'Tanh' },
  ])
  return runSpecSchema.parse({
    version: 1,
    dataset: { trainSize: 300 },
    model: { inFeatures: 783, layers: [...layers, { type: 'Linear', outFeatures: 10 }] },
    optimizer: { type: 'SGD', lr: 0.1 },
    training: { batchSize: 13 },
  })
}

async function backendOf(options: Partial<WebgpuOptions>): Promise<Backend> {
  if (adapter === null) throw new Error('no adapter')
  const device = await adapter.createDevice()
  return createWebgpuBackend({ device, adapter: adapter.description, ...options })
}

function setupOf(spec: typeof starter): SessionSetup {
  const drawn = drawParameters(spec.model, new Mt19937(1))
  return { spec, dataset, parameters: new Map(drawn.map(toStateTensor)) }
}

/** Three batches of 13 and a ragged one. */
const block: Block = {
  indices: Uint32Array.from({ length: 44 }, (_, i) => (i * 7) % 300),
  batchEnds: Uint32Array.of(13, 26, 39, 44),
  firstStep: 0,
  epoch: 0,
  learningRates: new Float64Array(4).fill(0.1),
  momenta: null,
  diagnoseAt: null,
  foldAverage: false,
}

async function train(backend: Backend, setup: SessionSetup) {
  const session = await backend.createSession(setup)
  const { losses } = await session.run(block)
  const state = await session.exportState()
  await session.dispose()
  return { losses, state, tiles: session.tiles ?? {} }
}

/** Largest distance of a parameter from float64's, relative to that tensor's largest. */
function distance(found: SessionState, expected: SessionState): number {
  let most = 0
  for (const [name, { data }] of expected.tensors) {
    const mine = found.tensors.get(name)?.data ?? []
    const size = Math.max(...data.map(Math.abs))
    data.forEach((value, i) => {
      most = Math.max(most, Math.abs((mine[i] ?? NaN) - value) / size)
    })
  }
  return most
}

gpuTest(
  'a session times its tiles once for a device and computes the same from then on',
  async () => {
    const known = new Map<string, string>()
    const tiles = { get: known.get.bind(known), set: known.set.bind(known) }
    let looks = 0
    const clock = () => {
      looks += 1
      return performance.now()
    }
    const backend = await backendOf({ tiles, timesSoftware: true, clock })
    const first = await train(backend, setupOf(starter))
    expect([...known.keys()].map((key) => key.slice(key.indexOf('kernels')))).toEqual([
      'kernels 2 forward 13x7 of 783',
      'kernels 2 head 13x10 of 7',
      'kernels 2 update 10x783 of 13',
    ])
    expect(looks).toBeGreaterThan(0)
    expect(Object.values(first.tiles)).toEqual(expect.arrayContaining([...known.values()]))
    looks = 0
    const second = await train(backend, setupOf(starter))
    expect(looks).toBe(0)
    expect(second).toEqual(first)
    const reference = await train(referenceBackend, setupOf(starter))
    expect(distance(first.state, reference.state)).toBeLessThan(1e-5)
  },
)

gpuTest('a software adapter is not timed, nor one whose host keeps no store', async () => {
  const clock = () => {
    throw new Error('nobody is to look at the clock')
  }
  const tiles = { get: () => undefined, set: () => undefined }
  if (adapter?.description.isSoftware === true)
    await train(await backendOf({ tiles, clock }), setupOf(starter))
  await train(await backendOf({ timesSoftware: true, clock }), setupOf(starter))
})

gpuTest('whole steps with other tiles follow float64', async () => {
  const reference = await train(referenceBackend, setupOf(deep))
  const backend = await backendOf({})
  const { tiles } = await train(backend, setupOf(deep))
  const limits = workgroupLimits((await adapter?.createDevice())?.limits ?? never())
  const book = new TileBook(usualTiles(adapter?.description ?? never(), limits), limits, new Map())
  for (const shape of shapesOf([37, 19], 13)) book.product(shape)
  book.head({ kind: 'head', rows: 13, features: 19, classes: 10 })
  const most = Math.max(...book.questions.map((question) => question.tiles.length))
  expect(most).toBeGreaterThanOrEqual(4)
  for (let i = 1; i < most; i += 2) {
    const own = book.questions.map(({ shape, tiles: names }) => [shape, names[i] ?? names[0] ?? ''])
    const setup = { ...setupOf(deep), tiles: Object.fromEntries(own) as Record<string, string> }
    const run = await train(backend, setup)
    expect(run.tiles).toEqual({ ...tiles, ...setup.tiles })
    expect(distance(run.state, reference.state)).toBeLessThan(1e-5)
  }
})

test('the terms of small products are shared out', () => {
  const limits = { invocations: 256, bytes: 32768 }
  const small: readonly ProductShape[] = [
    { kind: 'forward', rows: 64, columns: 128, terms: 784 },
    { kind: 'update', rows: 128, columns: 785, terms: 64 },
  ]
  for (const shape of small) expect(tileCandidates(shape, limits)[0]?.splits).toBeGreaterThan(1)
})

/** The products of a step through hidden layers of these widths. */
function shapesOf([first = 0, second = 0]: readonly number[], rows: number): ProductShape[] {
  return [
    { kind: 'forward', rows, columns: first, terms: 783 },
    { kind: 'forward', rows, columns: second, terms: first },
    { kind: 'gradient', rows, columns: first, terms: second },
    { kind: 'update', rows: first, columns: 783, terms: rows },
  ]
}

function never(): never {
  throw new Error('no adapter')
}
