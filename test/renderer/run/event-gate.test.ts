import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TrainerEvent } from '#core/contract/events'
import { EventGate } from '../../../renderer/run/event-gate'

const progress = {
  epoch: 0,
  epochs: 2,
  batch: 3,
  batches: 10,
  step: 3,
  imagesPerSecond: 100,
  secondsLeft: 1,
}

function steps(firstStep: number): TrainerEvent {
  return { type: 'steps', run: 'r1', firstStep, losses: [1], accuracies: [1], lrs: [1], progress }
}

const paused: TrainerEvent = { type: 'state', run: 'r1', state: { phase: 'paused' }, progress }

describe('the gate of events', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function gate() {
    const handed: (readonly TrainerEvent[])[] = []
    return { handed, gate: new EventGate((events) => handed.push(events)) }
  }

  it('hands on the first figures at once, and later ones together', () => {
    const { handed, gate: made } = gate()
    made.take(steps(1))
    made.take(steps(2))
    made.take(steps(3))
    expect(handed).toEqual([[steps(1)]])
    vi.runAllTimers()
    expect(handed).toEqual([[steps(1)], [steps(2), steps(3)]])
  })

  it('lets nothing overtake and nothing else wait', () => {
    const { handed, gate: made } = gate()
    made.take(steps(1))
    made.take(steps(2))
    made.take(paused)
    expect(handed).toEqual([[steps(1)], [steps(2), paused]])
    vi.runAllTimers()
    expect(handed).toHaveLength(2)
  })

  it('keeps figures longer while a pen moves, and not for ever', () => {
    const resting = gate()
    const drawing = gate()
    for (const { gate: made } of [resting, drawing]) {
      made.take(steps(1))
      made.take(steps(2))
    }
    const pen = setInterval(() => {
      drawing.gate.notePen()
    }, 10)
    drawing.gate.notePen()
    vi.advanceTimersByTime(150)
    expect(resting.handed).toHaveLength(2)
    expect(drawing.handed).toHaveLength(1)
    vi.advanceTimersByTime(1000)
    clearInterval(pen)
    expect(drawing.handed.flat()).toEqual([steps(1), steps(2)])
  })
})
