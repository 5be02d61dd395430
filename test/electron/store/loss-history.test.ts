import { describe, expect, it } from 'vitest'
import { LossHistory } from '../../../electron/store/loss-history'

function record(history: LossHistory, losses: readonly number[], first = 1): void {
  const same = losses.map(() => 0.5)
  history.add({ first, losses: [...losses], accuracies: same, lrs: same })
}

describe('LossHistory', () => {
  it('keeps every step of a short run', () => {
    const history = new LossHistory()
    record(history, [3, 2])
    record(history, [1], 3)
    expect(history.series()).toMatchObject({ steps: [1, 2, 3], losses: [3, 2, 1] })
  })

  it('keeps a long run within 5,000 points, in order, spikes included', () => {
    const history = new LossHistory()
    const count = 200_000
    const losses = Array.from({ length: count }, (_, i) => 1 + Math.sin(i))
    losses[12_345] = 99
    losses[123_456] = -99
    for (let i = 0; i < count; i += 100) record(history, losses.slice(i, i + 100), i + 1)
    const { steps, losses: kept } = history.series()
    expect(steps.length).toBeLessThanOrEqual(5_000)
    expect(steps.length).toBeGreaterThan(1_000)
    expect([...steps].sort((a, b) => a - b)).toEqual(steps)
    expect(kept[steps.indexOf(12_346)]).toBe(99)
    expect(kept[steps.indexOf(123_457)]).toBe(-99)
  })

  it('spreads its points evenly over the run', () => {
    const history = new LossHistory()
    record(
      history,
      Array.from({ length: 100_000 }, (_, i) => Math.sin(i * 7)),
    )
    const { steps } = history.series()
    const early = steps.filter((step) => step <= 50_000).length
    expect(early / steps.length).toBeCloseTo(0.5, 1)
  })

  it('leaves out losses that are not finite', () => {
    const history = new LossHistory()
    record(history, [1, NaN, Infinity, 2])
    expect(history.series().steps).toEqual([1, 4])
  })
})
