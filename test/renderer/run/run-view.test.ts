import { describe, expect, it } from 'vitest'
import type { OpenRun } from '#core/contract/answers'
import type { TrainerEvent } from '#core/contract/events'
import { presetById } from '#core/spec/presets'
import type { RunProgress } from '#core/training/run-state'
import { reduceRun, viewOf, type RunView } from '../../../renderer/run/run-view'
import { append, emptySeries } from '../../../renderer/run/series'

const progress: RunProgress = {
  epoch: 0,
  epochs: 2,
  batch: 3,
  batches: 10,
  step: 3,
  imagesPerSecond: 100,
  secondsLeft: 1,
}
const open: OpenRun = {
  header: {
    id: 'r1',
    spec: presetById('starter'),
    device: 'cpu',
    deviceReason: '',
    why: null,
    parameters: 1,
  },
  state: { phase: 'paused' },
  progress,
  series: { steps: [1, 3], losses: [2, 1], accuracies: [0.1, 0.2], lrs: [0.1, 0.1] },
  epochs: [],
  test: null,
  layers: null,
}

function steps(run: string, firstStep: number, losses: number[]): TrainerEvent {
  const same = losses.map(() => 0.5)
  return { type: 'steps', run, firstStep, losses, accuracies: same, lrs: same, progress }
}

describe('the view of a run', () => {
  it('takes up new steps and leaves out those it has', () => {
    const view = reduceRun(viewOf(open), steps('r1', 3, [9, 8, 7]))
    expect(view?.series.length).toBe(4)
    expect([...(view?.series.steps.subarray(0, 4) ?? [])]).toEqual([1, 3, 4, 5])
    expect([...(view?.series.losses.subarray(0, 4) ?? [])]).toEqual([2, 1, 8, 7])
  })

  it('is the same whether events come one by one or together', () => {
    const state = { type: 'state', run: 'r1', state: { phase: 'running' }, progress } as const
    const events = [state, steps('r1', 4, [3, 2]), steps('r1', 6, [1])]
    const one = events.reduce<RunView | null>((view, event) => reduceRun(view, event), viewOf(open))
    const together = reduceRun(viewOf(open), ...events)
    expect(together?.state).toEqual(one?.state)
    expect(together?.verdicts).toEqual(one?.verdicts)
    expect(together?.series.losses).toEqual(one?.series.losses)
    expect(together?.series.length).toBe(5)
  })

  it('ignores events of another run', () => {
    const view = viewOf(open)
    expect(reduceRun(view, steps('r2', 4, [1]))).toBe(view)
    expect(reduceRun(null, steps('r1', 4, [1]))).toBeNull()
  })

  it('is replaced by a run that is opened', () => {
    const other = { ...open, header: { ...open.header, id: 'r2' } }
    expect(reduceRun(viewOf(open), { type: 'opened', open: other })?.header.id).toBe('r2')
  })

  it('replaces an epoch that was taken again after a resume', () => {
    const record = {
      epoch: 1,
      step: 10,
      trainLoss: 1,
      trainAccuracy: 0.5,
      seconds: 1,
      imagesPerSecond: 1,
      lr: 0.1,
    }
    const first = reduceRun(viewOf(open), { type: 'epoch', run: 'r1', record })
    const again = reduceRun(first, {
      type: 'epoch',
      run: 'r1',
      record: { ...record, trainLoss: 2 },
    })
    expect(again?.epochs.map(({ trainLoss }) => trainLoss)).toEqual([2])
  })
})

describe('a series', () => {
  it('grows over its first buffer and keeps its values', () => {
    let series = emptySeries(2)
    for (let step = 1; step <= 9; step++)
      series = append(series, { steps: [step], losses: [step], accuracies: [0], lrs: [0] })
    expect([...series.losses.subarray(0, series.length)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('shows a loss that JSON could not carry as NaN', () => {
    // What arrives over the wire is not what the type says.
    const part = JSON.parse(
      '{"steps":[1],"losses":[null],"accuracies":[0],"lrs":[0]}',
    ) as OpenRun['series']
    expect(append(emptySeries(), part).losses[0]).toBeNaN()
  })
})
