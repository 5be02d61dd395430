import { afterAll, describe, expect, test } from 'vitest'
import type { Backend, Block } from '#core/backend/backend'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { createWebgpuBackend } from '#core/backend/webgpu/webgpu-backend'
import type { RunSpec } from '#core/spec/run-spec'
import { readMnist } from '../../../mnist'
import { setupOf } from '../small-run'
import { specOf } from '../trace'
import { findTestAdapter } from '../webgpu-device'

const adapter = await findTestAdapter()
const device = adapter === null ? null : await adapter.createDevice()
const backend =
  adapter === null || device === null
    ? null
    : await createWebgpuBackend({ device, adapter: adapter.description })

afterAll(() => {
  device?.destroy()
})

/** More rows than the GPU takes at once, and no multiple of anything. */
const ROWS = 4099
const STEPS = 2
const dataset = readMnist()

function runOf(...between: readonly Record<string, unknown>[]): RunSpec {
  return specOf({
    version: 1,
    dataset: { trainSize: ROWS },
    model: {
      layers: [{ type: 'Linear', outFeatures: 7 }, ...between, { type: 'Linear', outFeatures: 10 }],
    },
    optimizer: { type: 'SGD', lr: 0.1 },
    training: { batchSize: 'full' },
  })
}

const block: Block = {
  indices: Uint32Array.from({ length: ROWS * STEPS }, (_, i) => i % ROWS),
  batchEnds: Uint32Array.from({ length: STEPS }, (_, i) => (i + 1) * ROWS),
  firstStep: 0,
  epoch: 0,
  learningRates: new Float64Array(STEPS).fill(0.1),
  momenta: null,
  diagnoseAt: null,
  foldAverage: false,
}

async function trained(own: Backend, spec: RunSpec) {
  const session = await own.createSession({ ...setupOf(spec), dataset })
  const report = await session.run(block)
  const { tensors } = await session.exportState()
  await session.dispose()
  return { report, tensors }
}

describe.skipIf(backend === null)('batches that the GPU does not take at once', () => {
  for (const [name, spec] of [
    ['add up in pieces', runOf({ type: 'LayerNorm' }, { type: 'PReLU' })],
    ['stay whole for BatchNorm1d', runOf({ type: 'BatchNorm1d' }, { type: 'ReLU' })],
  ] as const)
    test(name, async () => {
      if (backend === null) throw new Error('no adapter')
      const mine = await trained(backend, spec)
      const theirs = await trained(referenceBackend, spec)
      theirs.report.losses.forEach((loss, i) => {
        expect(mine.report.losses[i]).toBeCloseTo(loss, 5)
      })
      for (const [tensor, { data }] of theirs.tensors) {
        const found = mine.tensors.get(tensor)?.data ?? []
        data.forEach((value, i) => {
          expect(Math.abs((found[i] ?? NaN) - value), tensor).toBeLessThan(
            2e-5 * Math.max(1, Math.abs(value)),
          )
        })
      }
    })
})
