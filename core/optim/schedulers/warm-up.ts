import type { SchedulerSpecOf } from '#core/spec/schedulers'
import type { RateRule } from './scheduler'

/** lr = base * factor for totalIters epochs, then base. Starts at once: the first rate is already base * factor. */
export function constantLR({ factor, totalIters }: SchedulerSpecOf<'ConstantLR'>): RateRule {
  return {
    rates({ groups, position }) {
      if (position === 0) return groups.lrs.map((lr) => lr * factor)
      return position === totalIters ? groups.lrs.map((lr) => lr * (1 / factor)) : [...groups.lrs]
    },
    closedForm: ({ baseLrs, position }) =>
      baseLrs.map((base) => base * (factor + (position >= totalIters ? 1 : 0) * (1 - factor))),
  }
}

/** From base * startFactor to base * endFactor in equal steps over totalIters epochs. Starts at once. */
export function linearLR(spec: SchedulerSpecOf<'LinearLR'>): RateRule {
  const { startFactor, endFactor, totalIters } = spec
  const rise = endFactor - startFactor
  return {
    rates({ groups, isInitial, position }) {
      if (position === 0) return groups.lrs.map((lr) => lr * startFactor)
      if (isInitial || position > totalIters) return [...groups.lrs]
      const factor = 1 + rise / (totalIters * startFactor + (position - 1) * rise)
      return groups.lrs.map((lr) => lr * factor)
    },
    closedForm: ({ baseLrs, position }) =>
      baseLrs.map(
        (base) => base * (startFactor + (rise * Math.min(totalIters, position)) / totalIters),
      ),
  }
}
