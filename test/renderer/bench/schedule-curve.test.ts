import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { presetById } from '#core/spec/presets'
import { runSpecSchema, type RunSpec } from '#core/spec/run-spec'
import type { SchedulerSpec } from '#core/spec/schedulers'
import ScheduleCurve from '../../../renderer/bench/ScheduleCurve.vue'
import { rateAt, scheduledRates } from '../../../renderer/bench/scheduled-rates'
import { i18n } from '../../../renderer/i18n/i18n'

const global = { plugins: [i18n] }

function specWith(scheduler: SchedulerSpec): RunSpec {
  const starter = presetById('starter')
  return runSpecSchema.parse({
    ...starter,
    optimizer: { type: 'SGD', lr: 1 },
    scheduler,
    training: { ...starter.training, epochs: 4 },
  })
}

const halving = specWith({ type: 'StepLR', stepSize: 2, gamma: 0.5 })

describe('the curve of a schedule', () => {
  it('makes stairs of a rate that changes after an epoch: each holds to the end of its epoch', () => {
    const schedule = scheduledRates(halving)
    if (schedule === null) throw new Error('four epochs are not too many')
    expect(schedule).toEqual({ at: [0, 0.25, 0.5, 0.75], rates: [[1, 1, 0.5, 0.5]], stairs: true })
    expect([0, 0.49, 0.5, 1].map((share) => rateAt(schedule, share))).toEqual([1, 1, 0.5, 0.5])
    const path = mount(ScheduleCurve, { props: { spec: halving }, global }).get('path:not(.base)')
    expect(path.attributes('d')).toMatch(/^M0\.0 3\.0H30\.0V3\.0H60\.0V17\.0H90\.0V17\.0H120$/)
  })

  it('is a line where the rate changes with every batch', () => {
    const spec = specWith({
      type: 'CyclicLR',
      baseLr: 0,
      maxLr: 1,
      stepSizeUp: 1876,
      stepSizeDown: null,
      mode: 'triangular',
      gamma: 1,
      cycleMomentum: false,
      baseMomentum: 0.8,
      maxMomentum: 0.9,
    })
    const schedule = scheduledRates(spec)
    expect(schedule?.stairs).toBe(false)
    expect(schedule?.rates[0]?.length).toBe(240)
    expect(Math.max(...(schedule?.rates[0] ?? []))).toBeCloseTo(1, 1)
  })

  it('has a mark where the run is, at its rate, and says so', () => {
    const props = { spec: halving, position: 0.75, rate: 0.5 }
    const curve = mount(ScheduleCurve, { props, global })
    expect(curve.get('.dot').attributes('style')).toContain('left: 75%')
    expect(curve.get('[role=img]').attributes('aria-label')).toContain('now 0.5')
    expect(
      mount(ScheduleCurve, { props: { spec: halving }, global })
        .find('.dot')
        .exists(),
    ).toBe(false)
  })
})
