import { afterAll, describe, expect, test } from 'vitest'
import { Gpu } from '#core/backend/webgpu/gpu'
import { openRuns } from '#core/backend/webgpu/open-runs'
import type { RunSpec } from '#core/spec/run-spec'
import { blockOf, setupOf } from '../small-run'
import { specOf } from '../trace'
import { findTestAdapter } from '../webgpu-device'

const adapter = await findTestAdapter()
const options =
  adapter === null
    ? null
    : { device: await adapter.createDevice(), adapter: adapter.description, submitMilliseconds: 50 }
const gpu = options === null ? null : new Gpu(options)

afterAll(() => {
  options?.device.destroy()
})

interface Variant {
  readonly activation?: object
  readonly optimizer: object
  readonly seed: number
  readonly p?: number
  readonly scheduler?: object
}

function runOf({ activation, optimizer, seed, p = 0.2, scheduler }: Variant): RunSpec {
  return specOf({
    version: 1,
    dataset: { trainSize: 300 },
    model: {
      inFeatures: 783,
      layers: [
        { type: 'Linear', outFeatures: 7 },
        activation ?? { type: 'ReLU' },
        { type: 'Dropout', p },
        { type: 'Linear', outFeatures: 10 },
      ],
    },
    optimizer,
    ...(scheduler === undefined ? {} : { scheduler }),
    training: { batchSize: 13, seed },
  })
}

/** Losses, hits and the state at the end, of runs that take their steps together. */
async function trained(specs: readonly RunSpec[], steps: number) {
  if (gpu === null || options === null) throw new Error('no adapter')
  const { group, sessions } = await openRuns(gpu, specs.map(setupOf), options)
  const reports = await group.run(specs.map((spec) => blockOf(spec, 0, steps)))
  const states = await Promise.all(sessions.map((session) => session.exportState()))
  const evaluations = await inTurn(sessions, (session) =>
    session.evaluate({ set: 'test', indices: null, averaged: false }),
  )
  await Promise.all(sessions.map((session) => session.dispose()))
  return reports.map((report, i) => ({ report, state: states[i], evaluation: evaluations[i] }))
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await work(item))
  return results
}

const runs = [
  { optimizer: { type: 'SGD', lr: 0.05, momentum: 0.9 }, seed: 1 },
  { optimizer: { type: 'Adam', lr: 0.003 }, seed: 2, activation: { type: 'GELU' }, p: 0.4 },
  {
    optimizer: {
      type: 'AdamW',
      lr: 0.001,
      weightDecay: 0.3,
      paramGroups: [
        { match: { kind: 'biasesAndNorms' }, weightDecay: 0 },
        { match: { kind: 'layer', layer: 0 }, lr: 0.0003 },
      ],
    },
    scheduler: { type: 'OneCycleLR', maxLr: 0.002 },
    seed: 3,
    p: 0,
  },
].map(runOf)

describe.skipIf(gpu === null)('runs side by side', () => {
  test('each run of a group gives bit for bit what it gives alone', async () => {
    const together = await trained(runs, 9)
    for (const [i, spec] of runs.entries()) {
      const [alone] = await trained([spec], 9)
      expect(together[i]).toEqual(alone)
    }
  })

  test('a run whose numbers break stops alone, and the others go on', async () => {
    const broken = runOf({ optimizer: { type: 'SGD', lr: 1e30 }, seed: 1 })
    const [first] = runs
    if (first === undefined) throw new Error('no run')
    const adafactor = runOf({ optimizer: { type: 'Adafactor', lr: 0.01 }, seed: 4 })
    const [failed, went, adapted] = await trained([broken, first, adafactor], 9)
    expect(failed?.report.failure).not.toBeNull()
    expect(failed?.report.losses.length).toBeLessThan(9)
    const [alone] = await trained([first], 9)
    expect(went).toEqual(alone)
    const [adaptedAlone] = await trained([adafactor], 9)
    expect(adapted).toEqual(adaptedAlone)
  })

  test('what a group may not differ in is named', async () => {
    const spec = runOf({ optimizer: { type: 'Adam' }, seed: 1 })
    const wider = { ...spec, training: { ...spec.training, batchSize: 14 } }
    await expect(trained([spec, wider], 1)).rejects.toThrow(/training\.batchSize: 13 and 14/)
    const other: RunSpec = { ...spec, loss: { type: 'MSELoss', reduction: 'mean' } }
    await expect(trained([spec, other], 1)).rejects.toThrow(/must agree in loss/)
  })
})
