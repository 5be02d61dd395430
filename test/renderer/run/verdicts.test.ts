import { describe, expect, it } from 'vitest'
import type { OpenRun } from '#core/contract/answers'
import type { TrainerEvent } from '#core/contract/events'
import { presetById } from '#core/spec/presets'
import type { RunProgress } from '#core/training/run-state'
import type { Remedy } from '#core/training/verdicts/verdict'
import { healed, isApplied } from '../../../renderer/bench/heal'
import { reduceRun, viewOf } from '../../../renderer/run/run-view'

const sick = presetById('deep-sigmoid')
const starter = presetById('starter')
const progress: RunProgress = {
  epoch: 0,
  epochs: 1,
  batch: 1,
  batches: 10,
  step: 1,
  imagesPerSecond: null,
  secondsLeft: null,
}
const open: OpenRun = {
  header: { id: 'r1', spec: sick, device: 'cpu', deviceReason: '', why: null, parameters: 1 },
  state: { phase: 'running' },
  progress,
  series: { steps: [], losses: [], accuracies: [], lrs: [] },
  epochs: [],
  test: null,
  layers: null,
}

/** A gradient that shrinks tenfold a layer. */
function vanishing(step: number): TrainerEvent {
  const reports = sick.model.layers.map(({ type }, i) => {
    const of = (std: number) => ({ mean: 0, std, min: -std, max: std, histogram: [] })
    return {
      layer: String(i),
      type,
      output: of(1),
      outputGradient: of(10 ** ((i - 20) / 2)),
      gradientNorm: null,
      weightNorm: null,
      updateRatio: null,
      dead: null,
      saturated: null,
    }
  })
  return { type: 'layers', run: 'r1', step, reports }
}

describe('the verdict on the open run', () => {
  it('comes with the figures of the layers', () => {
    const view = reduceRun(viewOf(open), vanishing(1))
    expect(view?.verdicts).toMatchObject([{ kind: 'vanishing', fromLayer: '12' }])
  })

  it('tells of numbers that gave out before any figures came', () => {
    const reason = { kind: 'diverged', step: 0, layer: '0', layerType: 'Linear' } as const
    const state = { phase: 'failed', reason: { ...reason, operation: 'forward' } } as const
    const view = reduceRun(viewOf(open), { type: 'state', run: 'r1', state, progress })
    expect(view?.verdicts).toMatchObject([{ kind: 'notANumber', layer: '0' }])
  })
})

describe('a remedy on the bench', () => {
  const [useReLU] = reduceRun(viewOf(open), vanishing(1))?.verdicts[0]?.remedies ?? []
  const rate: Remedy = {
    kind: 'lowerRate',
    value: 0.01,
    fixes: [{ kind: 'set', path: 'optimizer.lr', value: 0.01 }],
  }

  it('keeps what was changed since the run began', () => {
    if (useReLU === undefined) throw new Error('expected a remedy')
    const bench = { ...sick, training: { ...sick.training, epochs: 3 } }
    const after = healed(bench, sick, useReLU)
    expect(after.training.epochs).toBe(3)
    expect(after.model.layers[1]).toEqual({ type: 'ReLU' })
    expect(isApplied(bench, sick, useReLU)).toBe(false)
    expect(isApplied(after, sick, useReLU)).toBe(true)
  })

  it('that names layers brings back the model it was found for; others leave the model alone', () => {
    if (useReLU === undefined) throw new Error('expected a remedy')
    expect(healed(starter, sick, useReLU).model.layers).toHaveLength(sick.model.layers.length)
    expect(healed(starter, sick, rate).model).toEqual(starter.model)
  })
})
