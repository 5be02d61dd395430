import { expect, test } from 'vitest'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import type { RunSpecInput } from '#core/spec/run-spec'
import { largestDifference } from './bench-memory'
import { bytesOf, randomDataset, specOf, trained, withoutDrift } from './cpu-run'
import { targets } from './relaxed'

const STEPS = 12
const wide: RunSpecInput['model'] = {
  inFeatures: 783,
  layers: [
    { type: 'Linear', outFeatures: 100 },
    { type: 'GELU' },
    { type: 'Dropout', p: 0.2 },
    { type: 'Linear', outFeatures: 70 },
    { type: 'Sigmoid' },
    { type: 'Linear', outFeatures: 10 },
  ],
}

test.skipIf(targets.length < 2).each([
  ['lists, Adam', 0.2, { model: withoutDrift }],
  ['dense panels, Adam', 0.9, { model: withoutDrift }],
  ['packed products, AdamW', 0.2, { model: wide, optimizer: { type: 'AdamW' } }],
  ['momentum', 0.9, { model: wide, optimizer: { type: 'SGD', lr: 0.05, momentum: 0.9 } }],
] as const)(
  'relaxed and plain SIMD differ, and by rounding only: %s (skipped where the runtime has no relaxed SIMD)',
  async (_name, density, document) => {
    const spec = specOf({ ...document, training: { batchSize: 37 } })
    const dataset = randomDataset(density)
    const [relaxed, plain] = await Promise.all(
      [true, false].map(async (relaxedSimd) =>
        trained(await createCpuBackend({ threads: 1, relaxedSimd }), spec, dataset, STEPS),
      ),
    )
    if (relaxed === undefined || plain === undefined) throw new RangeError('two runs')
    expect(bytesOf(relaxed.state)).not.toEqual(bytesOf(plain.state))
    expect(largestDifference(relaxed.losses, plain.losses)).toBeLessThan(1e-5)
    for (const [name, { data }] of relaxed.state.tensors) {
      if (name.startsWith('optimizer.')) continue
      expect(largestDifference(data, plain.state.tensors.get(name)?.data ?? [])).toBeLessThan(2e-5)
    }
  },
)
