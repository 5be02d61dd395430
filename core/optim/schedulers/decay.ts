import type { SchedulerSpecOf } from '#core/spec/schedulers'
import type { RateRule } from './scheduler'

/** lr *= gamma every stepSize epochs */
export function stepLR({ stepSize, gamma }: SchedulerSpecOf<'StepLR'>): RateRule {
  return {
    rates: ({ groups, position }) =>
      position === 0 || position % stepSize !== 0
        ? [...groups.lrs]
        : groups.lrs.map((lr) => lr * gamma),
    closedForm: ({ baseLrs, position }) =>
      baseLrs.map((base) => base * gamma ** Math.floor(position / stepSize)),
  }
}

/** lr *= gamma at each milestone, once for every time it is named */
export function multiStepLR({ milestones, gamma }: SchedulerSpecOf<'MultiStepLR'>): RateRule {
  return {
    rates({ groups, position }) {
      const count = milestones.filter((milestone) => milestone === position).length
      return count === 0 ? [...groups.lrs] : groups.lrs.map((lr) => lr * gamma ** count)
    },
    closedForm({ baseLrs, position }) {
      const passed = milestones.filter((milestone) => milestone <= position).length
      return baseLrs.map((base) => base * gamma ** passed)
    },
  }
}

/** lr *= gamma */
export function exponentialLR({ gamma }: SchedulerSpecOf<'ExponentialLR'>): RateRule {
  return {
    rates: ({ groups, isInitial }) =>
      isInitial ? [...groups.lrs] : groups.lrs.map((lr) => lr * gamma),
    closedForm: ({ baseLrs, position }) => baseLrs.map((base) => base * gamma ** position),
  }
}

/** lr = base * (1 - e / totalIters) ** power, then 0 */
export function polynomialLR({ totalIters, power }: SchedulerSpecOf<'PolynomialLR'>): RateRule {
  return {
    rates({ groups, isInitial, position }) {
      if (isInitial || position > totalIters) return [...groups.lrs]
      const decay = (1 - position / totalIters) / (1 - (position - 1) / totalIters)
      return groups.lrs.map((lr) => lr * decay ** power)
    },
    closedForm: ({ baseLrs, position }) =>
      baseLrs.map((base) => base * (1 - Math.min(totalIters, position) / totalIters) ** power),
  }
}
