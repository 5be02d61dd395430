import { describe, expect, test } from 'vitest'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { largestDifference } from './bench-memory'
import {
  blockOf,
  bytesOf,
  randomDataset,
  sessionOf,
  specOf,
  trained,
  withBlock,
  withoutDrift,
} from './cpu-run'
import { targetName, targets } from './relaxed'

const sparse = randomDataset(0.2)
const dense = randomDataset(0.9)

describe.each(targets.map((target) => [targetName(target), target.relaxed] as const))(
  '%s',
  (_, relaxedSimd) => {
    const backend = createCpuBackend({ threads: 1, relaxedSimd })

    test.each([
      ['lists of pixels', sparse],
      ['dense panels', dense],
    ])('a first layer over %s follows the reference', async (_name, dataset) => {
      const spec = specOf({ model: withoutDrift, training: { batchSize: 48 } })
      const mine = await trained(await backend, spec, dataset, 12)
      const reference = await trained(referenceBackend, spec, dataset, 12)
      expect(largestDifference(mine.losses, reference.losses)).toBeLessThan(1e-5)
    })

    test('batches larger than the engine holds add up', async () => {
      const dataset = randomDataset(0.2, 1100)
      const spec = specOf({ model: withoutDrift, training: { batchSize: 'full' } })
      const mine = await trained(await backend, spec, dataset, 3)
      const reference = await trained(referenceBackend, spec, dataset, 3)
      expect(largestDifference(mine.losses, reference.losses)).toBeLessThan(1e-6)
    })

    test('a run goes on from its state as if it had not stopped', async () => {
      const spec = specOf({ model: withoutDrift, training: { batchSize: 32 } })
      const whole = await trained(await backend, spec, sparse, 9)
      const half = await trained(await backend, spec, sparse, 4)
      const session = await sessionOf(await backend, spec, sparse)
      await session.importState(half.state)
      await session.run(blockOf(spec, sparse.train.count, 4, 5))
      expect(bytesOf(await session.exportState())).toEqual(bytesOf(whole.state))
    })

    test.each([
      ['measured on copies', withoutDrift, 0],
      ['measured by kernels', withoutDrift, 5],
      ['measured by kernels, a block within', withBlock, 5],
    ])(
      'a diagnosed step changes no bit and reports what the reference reports: %s',
      async (_, model, diagnoseEvery) => {
        const spec = specOf({ model, training: { batchSize: 32, diagnoseEvery } })
        const plain = await trained(await backend, spec, sparse, 5)
        const block = { ...blockOf(spec, sparse.train.count, 0, 5), diagnoseAt: 4 }
        const session = await sessionOf(await backend, spec, sparse)
        const { layers } = await session.run(block)
        expect(bytesOf(await session.exportState())).toEqual(bytesOf(plain.state))
        const reference = await sessionOf(referenceBackend, spec, sparse)
        const expected = (await reference.run(block)).layers ?? []
        expect(layers?.map(({ layer, dead }) => [layer, dead])).toEqual(
          expected.map(({ layer, dead }) => [layer, dead]),
        )
        for (const [i, report] of expected.entries()) {
          expect(layers?.[i]?.saturated ?? 0).toBeCloseTo(report.saturated ?? 0, 2)
          expect(layers?.[i]?.output.max).toBeCloseTo(report.output.max, 4)
          expect(layers?.[i]?.gradientNorm ?? 0).toBeCloseTo(report.gradientNorm ?? 0, 5)
          expect(layers?.[i]?.weightNorm ?? 0).toBeCloseTo(report.weightNorm ?? 0, 4)
          expect(layers?.[i]?.output.std).toBeCloseTo(report.output.std, 5)
          expect(layers?.[i]?.outputGradient.std).toBeCloseTo(report.outputGradient.std, 6)
          expect(layers?.[i]?.updateRatio ?? 0).toBeCloseTo(report.updateRatio ?? 0, 5)
        }
      },
    )

    test('a loss that is not finite is found where the reference finds it', async () => {
      const spec = specOf({ model: withoutDrift, training: { batchSize: 32 } })
      const failures = [await backend, referenceBackend].map(async (b) => {
        const session = await sessionOf(b, spec, sparse)
        const state = await session.exportState()
        state.tensors.get('2.weight')?.data.fill(Infinity, 0, 1)
        await session.importState(state)
        return (await session.run(blockOf(spec, sparse.train.count, 3, 2))).failure
      })
      const [mine, reference] = await Promise.all(failures)
      expect(mine).toEqual(reference)
      expect(mine?.layer).toBe('2')
    })
  },
)
