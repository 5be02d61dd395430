import { expect, test } from 'vitest'
import type { TrainerEvent } from '#core/contract/events'
import { presetById } from '#core/spec/presets'
import type { RunProgress, RunState } from '#core/training/run-state'
import { nextActivity, type Activity } from '../../../electron/main/activity'

const running: Activity = { run: 'a', name: 'starter', phase: 'running', progress: 0.1 }

test('a run that is opened is the activity', () => {
  const opened: TrainerEvent = {
    type: 'opened',
    open: {
      header: {
        id: 'a',
        spec: presetById('starter'),
        device: 'cpu',
        deviceReason: 'asked for',
        why: { kind: 'asked' },
        parameters: 101_770,
      },
      state: { phase: 'idle' },
      progress: at(0),
      series: { steps: [], losses: [], accuracies: [], lrs: [] },
      epochs: [],
      test: null,
      layers: null,
    },
  }
  expect(nextActivity(null, opened)).toEqual({ ...running, phase: 'idle', progress: 0 })
})

test('progress is the share of all steps, and never more than 1', () => {
  expect(nextActivity(running, steps('a', 500))).toEqual({ ...running, progress: 0.5 })
  expect(nextActivity(running, steps('a', 1001))?.progress).toBe(1)
})

test('the phase follows the state of the open run only', () => {
  expect(nextActivity(running, state('a', { phase: 'finished' }))?.phase).toBe('finished')
  expect(nextActivity(running, state('b', { phase: 'finished' }))).toBe(running)
  expect(nextActivity(running, steps('b', 500))).toBe(running)
  expect(nextActivity(null, state('a', { phase: 'running' }))).toBeNull()
})

function at(step: number): RunProgress {
  return {
    epoch: 0,
    epochs: 10,
    batch: step,
    batches: 100,
    step,
    imagesPerSecond: null,
    secondsLeft: null,
  }
}

function steps(run: string, step: number): TrainerEvent {
  return {
    type: 'steps',
    run,
    firstStep: step,
    losses: [1],
    accuracies: [0],
    lrs: [0.1],
    progress: at(step),
  }
}

function state(run: string, next: RunState): TrainerEvent {
  return { type: 'state', run, state: next, progress: at(500) }
}
