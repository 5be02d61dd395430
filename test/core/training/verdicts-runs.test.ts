import { describe, expect, it } from 'vitest'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { applyFix } from '#core/spec/apply-fix'
import type { accuracyDocuments } from '#core/spec/accuracy-presets'
import { layerSchema } from '#core/spec/layers'
import { presets, type PresetId } from '#core/spec/presets'
import type { RunSpec } from '#core/spec/run-spec'
import { diverged, type EpochRecord } from '#core/training/run-state'
import { createTrainer } from '#core/training/trainer'
import { keepFigures, type Evidence, type LayerFigures } from '#core/training/verdicts/evidence'
import type { Verdict } from '#core/training/verdicts/verdict'
import { verdictsOf } from '#core/training/verdicts/verdicts-of'
import { readMnist } from '../../mnist'

const mnist = readMnist()
const dataset = { ...mnist, test: { ...mnist.test, count: 50 } }

/** What each preset is there to show; those that only reach an accuracy take too long for a test. */
const expected: Record<
  Exclude<PresetId, keyof typeof accuracyDocuments>,
  Verdict['kind'] | null
> = {
  starter: null,
  'deep-sigmoid': 'vanishing',
  'exploding-relu': 'exploding',
  'dead-relu': 'deadUnits',
  'saturated-tanh': 'saturated',
  'rate-too-high': 'learningRateTooHigh',
  'rate-too-low': 'learningRateTooLow',
  overfitting: 'overfitting',
  'not-a-number': 'notANumber',
}

/** 120 steps of 16 images; a preset that brings its own few images is run as it is. */
function shortened(spec: RunSpec): RunSpec {
  if (spec.dataset.valSize > 0) return spec
  return {
    ...spec,
    dataset: { ...spec.dataset, trainSize: 120 * 16 },
    training: { ...spec.training, epochs: 1, batchSize: 16, diagnoseEvery: 20 },
  }
}

/** The quickest one under plain Node. */
const backend = await createCpuBackend({ threads: 1, relaxedSimd: false })

/** Trains to the end. */
async function train(spec: RunSpec): Promise<Evidence> {
  let reports: readonly LayerFigures[] = []
  const losses: number[] = []
  const epochs: EpochRecord[] = []
  const trainer = await createTrainer({
    spec,
    dataset,
    backend,
    clock: () => performance.now(),
    onEvent: (signal) => {
      if (signal.type === 'layers') reports = keepFigures(reports, signal)
      if (signal.type === 'steps') losses.push(...signal.losses)
      if (signal.type === 'epoch') epochs.push(signal.record)
    },
  })
  const state = await trainer.run()
  return {
    spec,
    reports,
    losses: { length: losses.length, steps: losses.map((_, i) => i + 1), losses },
    epochs,
    failure: diverged(state),
  }
}

const shown = presets.filter(({ id }) => id in expected)

describe.each(shown)('the preset $id', ({ id, spec }) => {
  const kind = Object.entries(expected).find(([preset]) => preset === id)?.[1] ?? null

  const title =
    kind === null
      ? 'gets no verdict'
      : `gets the verdict ${kind} and no other, and its remedy cures it`

  it(title, async () => {
    const sick = shortened(spec)
    const verdicts = verdictsOf(await train(sick))
    expect(verdicts.map((verdict) => verdict.kind)).toEqual(kind === null ? [] : [kind])
    if (kind === null) return
    const [remedy] = verdicts[0]?.remedies ?? []
    expect(remedy).toBeDefined()
    const cured = (remedy?.fixes ?? []).reduce(applyFix, sick)
    expect(verdictsOf(await train(cured))).toEqual([])
  })
})

it('a net that learns may have most outputs on the flats: it gets no verdict', async () => {
  const { spec } = presets.find(({ id }) => id === 'starter') ?? {}
  if (spec === undefined) throw new Error('expected the starter')
  const layers = spec.model.layers.with(1, layerSchema.parse({ type: 'Hardtanh' }))
  const evidence = await train({
    ...spec,
    model: { ...spec.model, layers },
    dataset: { ...spec.dataset, trainSize: 300 * 16 },
    training: { ...spec.training, epochs: 1, batchSize: 16, diagnoseEvery: 100 },
  })
  const hidden = evidence.reports.at(-1)?.reports.find(({ layer }) => layer === '1')
  expect(hidden?.saturated).toBeGreaterThan(0.5)
  expect(verdictsOf(evidence)).toEqual([])
})

it('NaN names the first layer, the operation and the step', async () => {
  const spec = presets.find(({ id }) => id === 'not-a-number')?.spec
  if (spec === undefined) throw new Error('expected the preset not-a-number')
  expect(verdictsOf(await train(shortened(spec)))).toMatchObject([
    { kind: 'notANumber', layer: '0', layerType: 'Linear', operation: 'update', step: 0 },
  ])
})

it('vanishing says from which layer on, and by what factor a layer', async () => {
  const spec = presets.find(({ id }) => id === 'deep-sigmoid')?.spec
  if (spec === undefined) throw new Error('expected the preset deep-sigmoid')
  const [verdict] = verdictsOf(await train(shortened(spec)))
  if (verdict?.kind !== 'vanishing') throw new Error('expected a vanishing gradient')
  // The sigmoid's slope of at most 1/4, times 1/sqrt(3) for weights of variance 1 / (3 fan in), is 0.144.
  expect(verdict.factorPerLayer).toBeGreaterThan(0.12)
  expect(verdict.factorPerLayer).toBeLessThan(0.145)
  expect(Number(verdict.fromLayer)).toBeGreaterThan(8)
})
