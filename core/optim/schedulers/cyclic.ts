import type { SchedulerSpecOf } from '#core/spec/schedulers'
import type { RateRule } from './scheduler'

/**
 * CyclicLR, per batch: up from baseLr to maxLr and back, the height of each cycle scaled by the mode; momentum moves the other way.
 * All groups get the same rate, whatever their own is. An optimizer without momentum keeps its own (the combination is refused).
 */
export function cyclicLR(spec: SchedulerSpecOf<'CyclicLR'>): RateRule {
  const { baseLr, maxLr, stepSizeUp, cycleMomentum, baseMomentum, maxMomentum } = spec
  const totalSize = stepSizeUp + (spec.stepSizeDown ?? stepSizeUp)
  const stepRatio = stepSizeUp / totalSize
  return {
    prepare(groups) {
      groups.lrs.fill(baseLr)
    },
    rates({ groups, position }) {
      const cycle = Math.floor(1 + position / totalSize)
      const x = 1 + position / totalSize - cycle
      const height = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1)
      const scale = scaleOf(spec, cycle, position)
      if (cycleMomentum && groups.momentum !== null) {
        groups.momentum = maxMomentum - (maxMomentum - baseMomentum) * height * scale
        groups.momentumMoved = true
      }
      return groups.lrs.map(() => baseLr + (maxLr - baseLr) * height * scale)
    },
  }
}

function scaleOf(
  { mode, gamma }: SchedulerSpecOf<'CyclicLR'>,
  cycle: number,
  position: number,
): number {
  switch (mode) {
    case 'triangular':
      return 1
    case 'triangular2':
      return 1 / 2 ** (cycle - 1)
    case 'exp_range':
      return gamma ** position
  }
}
