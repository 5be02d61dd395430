import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StateTensor } from '#core/backend/backend'
import { cpuMemory } from '#core/backend/cpu/cpu-memory'
import { Engine } from '#core/backend/cpu/engine'
import { PLAIN_SIMD } from '#core/backend/cpu/kernels/target'
import { updateRuleOf } from '#core/backend/cpu/kernels/update-rules'
import { singleTeam } from '#core/backend/cpu/single-team'
import { instantiate } from '#core/backend/cpu/wasm/runtime'
import { firstMomentum } from '#core/backend/first-momentum'
import { createWebgpuBackend } from '#core/backend/webgpu/webgpu-backend'
import { webgpuMemory } from '#core/backend/webgpu/webgpu-memory'
import { buildNetwork } from '#core/nn/build-network'
import { lossOf } from '#core/nn/losses/loss-of'
import { runSpecSchema, type RunSpec, type RunSpecInput } from '#core/spec/run-spec'
import { Mt19937 } from '#core/tensor/mt19937'
import { drawParameters, toStateTensor } from '#core/training/initial-parameters'
import { smallDataset } from './small-dataset'
import { findTestAdapter, type TestAdapter } from './webgpu-device'

type More = Omit<Partial<RunSpecInput>, 'version' | 'model'>
type Layers = RunSpecInput['model']['layers']

const linear = (outFeatures: number) => ({ type: 'Linear' as const, outFeatures })
const hidden: Layers = [linear(30), { type: 'ReLU' }, linear(10)]
const specs: Record<string, RunSpec> = {
  'plain SGD': spec(hidden, { optimizer: { type: 'SGD' } }),
  Adam: spec(hidden),
  AMSGrad: spec(hidden, { optimizer: { type: 'Adam', amsgrad: true } }),
  'a wide net': spec([linear(700), { type: 'ReLU' }, linear(300), { type: 'Tanh' }, linear(10)]),
  'a full batch': spec(hidden, { training: { batchSize: 'full' } }),
  'one image a step': spec(hidden, { training: { batchSize: 1 } }),
  'layers without kernels': spec([
    linear(30),
    { type: 'BatchNorm1d' },
    { type: 'GELU' },
    { type: 'Residual', layers: [linear(30), { type: 'Mish' }] },
    { type: 'Dropout' },
    linear(10),
  ]),
  'averages and distorted images': spec(hidden, {
    training: { averaging: { type: 'EMA' }, batchSize: 20 },
    dataset: { trainSize: 300, augment: { shift: 2 } },
  }),
}
/** Every optimizer with its own state, and what else keeps a copy. */
const optimizers: readonly RunSpecInput['optimizer'][] = [
  { type: 'SGD', momentum: 0.9, nesterov: true },
  { type: 'RMSprop', centered: true, momentum: 0.9 },
  { type: 'Adagrad' },
  { type: 'Adadelta' },
  { type: 'Adamax' },
  { type: 'NAdam' },
  { type: 'RAdam' },
  { type: 'ASGD' },
  { type: 'Rprop' },
  { type: 'Lion' },
  { type: 'Muon' },
  { type: 'Adafactor' },
  { type: 'LBFGS', historySize: 5 },
]
for (const optimizer of optimizers)
  specs[JSON.stringify(optimizer)] = spec(hidden, {
    optimizer,
    ...(optimizer?.type === 'LBFGS' ? { training: { batchSize: 'full' } } : {}),
  })
for (const averaging of [{ type: 'SWA', startEpoch: 1 }, { type: 'EMA' }] as const)
  specs[`${averaging.type} and BatchNorm1d`] = spec(
    [linear(30), { type: 'BatchNorm1d' }, linear(10)],
    {
      training: { averaging },
    },
  )
specs['elastic images, a large batch'] = spec(hidden, {
  training: { batchSize: 300 },
  dataset: { trainSize: 300, augment: { elastic: { alpha: 10 } } },
})
const dataset = smallDataset()

function spec(layers: Layers, more: More = {}): RunSpec {
  return runSpecSchema.parse({
    version: 1,
    dataset: { trainSize: 300 },
    ...more,
    model: { inFeatures: 783, layers },
  })
}

function parametersOf({ model }: RunSpec): ReadonlyMap<string, StateTensor> {
  return new Map(drawParameters(model, new Mt19937(0)).map(toStateTensor))
}

describe('on the CPU', () => {
  test.each(Object.entries(specs))('%s: the memory is as large as was said', async (_, run) => {
    for (const threads of [1, 3]) {
      const network = buildNetwork(run.model, (length) => new Float32Array(length))
      const loss = lossOf(run.loss, network.outFeatures)
      const setup = { spec: run, dataset, parameters: parametersOf(run) }
      let bytes = 0
      const engine = await Engine.create(
        setup,
        network,
        loss,
        updateRuleOf(run.optimizer, firstMomentum(run)),
        {
          target: PLAIN_SIMD,
          threads,
          makeTeam: ({ memory, module }) => {
            bytes = memory.buffer.byteLength
            return Promise.resolve(singleTeam(instantiate(module, memory)))
          },
        },
      )
      const said = cpuMemory({ spec: run, dataset }, threads)
      expect(said.largestBuffer).toBe(bytes)
      expect(sum(said)).toBe(said.total)
      expect(said.other).toBeGreaterThan(0)
      engine.dispose()
    }
  })

  test('values, gradients and state are where they were counted', () => {
    const adam = cpuMemory({ spec: specOf('Adam'), dataset }, 1)
    const sgd = cpuMemory({ spec: specOf('plain SGD'), dataset }, 1)
    const values = 30 * 783 + 30 + 10 * 30 + 10
    // Twice: in panels, and as the rows that PyTorch would have.
    expect(adam.parameters).toBeGreaterThanOrEqual(8 * values)
    expect(adam.parameters).toBeLessThan(8 * values * 1.1)
    expect(adam.gradients).toBe(adam.parameters)
    expect(sgd.optimizerState).toBe(0)
    expect(adam.optimizerState).toBeGreaterThanOrEqual(8 * values)
    const averaged = cpuMemory({ spec: specOf('averages and distorted images'), dataset }, 1)
    expect(averaged.optimizerState).toBeCloseTo(1.5 * adam.optimizerState, 0)
  })
})

test('a net that no memory holds is counted all the same', async () => {
  // 2.5e9 parameters, 10 GB.
  const huge = spec([linear(50_000), linear(50_000), linear(10)])
  const before = process.memoryUsage().rss
  expect(() => cpuMemory({ spec: huge, dataset }, 1)).toThrow('4 GiB')
  const said = await webgpuMemory({ spec: huge, dataset })
  const values = 50_000 * 784 + 50_000 * 50_001 + 10 * 50_001
  expect(said.parameters).toBeGreaterThanOrEqual(4 * values)
  expect(said.optimizerState).toBeGreaterThanOrEqual(8 * values)
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 30)
})

describe('on the GPU', () => {
  let adapter: TestAdapter | null = null
  beforeAll(async () => {
    adapter = await findTestAdapter()
  })
  afterAll(() => {
    adapter = null
  })

  test.each([
    'Adam',
    'plain SGD',
    '{"type":"Adafactor"}',
    'averages and distorted images',
    'a full batch',
    'layers without kernels',
  ])('%s: the buffers are as large as was said', async (name) => {
    if (adapter === null) return
    const run = specOf(name)
    const device = await adapter.createDevice()
    let bytes = 0
    const create = device.createBuffer.bind(device)
    device.createBuffer = (descriptor) => {
      bytes += descriptor.size
      return create(descriptor)
    }
    const backend = await createWebgpuBackend({ device, adapter: adapter.description })
    const setup = { spec: run, dataset, parameters: parametersOf(run) }
    const session = await backend.createSession(setup)
    const said = await webgpuMemory({ spec: run, dataset })
    expect(said.total).toBe(bytes)
    expect(sum(said)).toBe(said.total)
    await session.dispose()
    device.destroy()
  })

  test('what the GPU refuses has no size', async () => {
    const lbfgs = spec(hidden, { optimizer: { type: 'LBFGS' } })
    await expect(webgpuMemory({ spec: lbfgs, dataset })).rejects.toThrow('LBFGS')
  })
})

function specOf(name: string): RunSpec {
  const found = specs[name]
  if (found === undefined) throw new RangeError(name)
  return found
}

function sum(use: {
  readonly parameters: number
  readonly gradients: number
  readonly optimizerState: number
  readonly activations: number
  readonly dataset: number
  readonly other: number
}): number {
  const { parameters, gradients, optimizerState, activations, dataset: images, other } = use
  return parameters + gradients + optimizerState + activations + images + other
}
