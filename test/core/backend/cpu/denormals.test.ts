import { describe, expect, test } from 'vitest'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import type { RunSpecInput } from '#core/spec/run-spec'
import { blockOf, randomDataset, sessionOf, specOf, withoutDrift } from './cpu-run'
import { targetName, targets } from './relaxed'

const SMALLEST_NORMAL = 2 ** -126
const dataset = randomDataset(0.2)

/** Decay takes weights of 2e-38 below the smallest normal number within a few steps. With a rate of 0 they are written all the same. */
const shrinking = { lr: 0.5, weightDecay: 0.5 }

interface Update {
  readonly name: string
  readonly optimizer: RunSpecInput['optimizer']
  readonly training?: RunSpecInput['training']
}

const updates: readonly Update[] = [
  { name: 'SGD', optimizer: { type: 'SGD', ...shrinking } },
  { name: 'SGD, momentum', optimizer: { type: 'SGD', ...shrinking, momentum: 0.5 } },
  {
    name: 'SGD, Nesterov',
    optimizer: { type: 'SGD', ...shrinking, momentum: 0.5, nesterov: true },
  },
  { name: 'Adam', optimizer: { type: 'Adam', lr: 0 } },
  { name: 'Adam, amsgrad', optimizer: { type: 'Adam', lr: 0, amsgrad: true } },
  { name: 'AdamW', optimizer: { type: 'AdamW', lr: 0 } },
  { name: 'Adagrad', optimizer: { type: 'Adagrad', lr: 0 } },
  { name: 'RMSprop', optimizer: { type: 'RMSprop', lr: 0 } },
  {
    name: 'RMSprop, momentum, centered',
    optimizer: { type: 'RMSprop', lr: 0, momentum: 0.5, centered: true },
  },
  {
    name: 'an average',
    optimizer: { type: 'SGD', ...shrinking },
    training: { averaging: { type: 'EMA', decay: 0.5 } },
  },
  { name: 'max-norm', optimizer: { type: 'SGD', lr: 0 }, training: { maxNorm: 1e-3 } },
]

describe.each(targets.map((target) => [targetName(target), target.relaxed] as const))(
  '%s',
  (_, relaxedSimd) => {
    test.each(updates)('$name writes no denormals', async ({ optimizer, training = {} }) => {
      const spec = specOf({
        model: withoutDrift,
        optimizer,
        loss: { type: 'MSELoss' },
        training: { batchSize: 32, ...training },
      })
      const backend = await createCpuBackend({ threads: 1, relaxedSimd })
      const session = await sessionOf(backend, spec, dataset)
      const { tensors, numbers } = await session.exportState()
      // Small normal numbers, numbers that are denormal already, and now and then one that max-norm must shrink.
      const tiny = new Map(
        [...tensors].map(([name, { shape, data }]) => [
          name,
          { shape, data: Float32Array.from(data, (_value, i) => valueAt(i, training.maxNorm)) },
        ]),
      )
      await session.importState({ tensors: tiny, numbers })
      await session.run(blockOf(spec, dataset.train.count, 0, 30))
      const after = [...(await session.exportState()).tensors]
      const denormal = after.filter(([, { data }]) => data.some(isDenormal)).map(([name]) => name)
      expect(denormal).toEqual([])
      const flushed = after.filter(([, { data }]) => data.includes(0)).map(([name]) => name)
      const first = after.map(([name]) => name).filter((name) => name.includes('0.weight'))
      expect(flushed).toEqual(expect.arrayContaining(first))
    })
  },
)

function valueAt(i: number, maxNorm: number | null | undefined): number {
  if (typeof maxNorm === 'number' && i % 7 === 0) return 1
  return i % 2 === 0 ? 2e-38 : 1e-39
}

function isDenormal(x: number): boolean {
  return x !== 0 && Math.abs(x) < SMALLEST_NORMAL
}
