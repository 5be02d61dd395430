import type { RunSpecInput } from '#core/spec/run-spec'
import { describe, expect, test } from 'vitest'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import {
  blockOf,
  bytesOf,
  randomDataset,
  sessionOf,
  specOf,
  trained,
  withoutDrift,
} from './cpu-run'
import { readMnist } from '../../../mnist'
import { targets } from './relaxed'
import { threadSpawner } from './test-threads'

const spawnThread = await threadSpawner()
const relaxedSimd = targets.some(({ relaxed }) => relaxed)
const backendWith = (threads: number) => createCpuBackend({ threads, relaxedSimd, spawnThread })

const mixed: RunSpecInput['model'] = {
  inFeatures: 783,
  layers: [
    { type: 'Linear', outFeatures: 70 },
    { type: 'BatchNorm1d' },
    { type: 'Sigmoid' },
    { type: 'Residual', layers: [{ type: 'Linear', outFeatures: 70 }, { type: 'ReLU' }] },
    { type: 'Dropout', p: 0.2 },
    { type: 'Linear', outFeatures: 10 },
  ],
}

const specs = [
  ['Adam', specOf({ model: withoutDrift, training: { batchSize: 37 } })],
  ['a batch of one', specOf({ model: withoutDrift, training: { batchSize: 1 } })],
  ['clipping', specOf({ model: withoutDrift, training: { batchSize: 37, clipGradNorm: 0.1 } })],
  [
    'distorted images',
    specOf({
      model: withoutDrift,
      dataset: { augment: { shift: 2, rotate: 20, elastic: {} } },
      training: { batchSize: 37 },
    }),
  ],
  ['plain layers', specOf({ model: mixed, training: { batchSize: 37 } })],
  [
    'max-norm and an average',
    specOf({
      model: withoutDrift,
      training: { batchSize: 37, maxNorm: 0.5, averaging: { type: 'EMA', decay: 0.9 } },
    }),
  ],
  [
    'a plain optimizer',
    specOf({ model: withoutDrift, optimizer: { type: 'Lion' }, training: { batchSize: 37 } }),
  ],
] as const

describe.each([
  ['sparse', randomDataset(0.2)],
  ['dense', randomDataset(0.9)],
])('on %s images', (_, dataset) => {
  test.each(specs)(
    '%s: 1, 2 and 4 threads, and any blocks, agree bit for bit',
    async (_name, spec) => {
      const one = await trained(await backendWith(1), spec, dataset, 9)
      for (const [threads, size] of [
        [1, 2],
        [2, 9],
        [4, 4],
      ] as const) {
        const other = await trained(await backendWith(threads), spec, dataset, 9, size)
        expect(other.losses).toEqual(one.losses)
        expect(bytesOf(other.state)).toEqual(bytesOf(one.state))
      }
    },
  )
})

test('distorted digits, and looks into the layers: 1, 2 and 4 threads agree bit for bit', async () => {
  const dataset = readMnist()
  const spec = specOf({
    model: { layers: withoutDrift.layers },
    dataset: { augment: { shift: 2, rotate: 20, elastic: {} } },
    training: { batchSize: 37, diagnoseEvery: 3 },
  })
  const runs = [1, 2, 4].map(async (threads) => {
    const session = await sessionOf(await backendWith(threads), spec, dataset)
    const block = { ...blockOf(spec, dataset.train.count, 0, 3), diagnoseAt: 2 }
    const { losses, layers } = await session.run(block)
    return { losses, layers, state: bytesOf(await session.exportState()) }
  })
  const [one, ...others] = await Promise.all(runs)
  expect(one?.layers).toHaveLength(5)
  for (const other of others) expect(other).toEqual(one)
})

test('helpers go on to the next session', async () => {
  const backend = await backendWith(2)
  const spec = specOf({ model: withoutDrift, training: { batchSize: 32 } })
  const first = await trained(backend, spec, randomDataset(0.2), 3)
  const second = await trained(backend, spec, randomDataset(0.2), 3)
  expect(second.losses).toEqual(first.losses)
})

test.each([1, 3])('%i threads copy memory, and train afterwards', async (threads) => {
  const backend = await backendWith(threads)
  const rate = await backend.copyRate?.()
  // The slowest memory of the last twenty years, and ten times the fastest.
  expect(rate).toBeGreaterThan(1e8)
  expect(rate).toBeLessThan(1e14)
  const spec = specOf({ model: withoutDrift, training: { batchSize: 37 } })
  const { losses } = await trained(backend, spec, randomDataset(0.2), 3)
  expect(losses).toHaveLength(3)
})
