import type { SchedulerSpecOf } from '#core/spec/schedulers'
import type { RateRule } from './scheduler'

/** etaMin + (base - etaMin) * (1 + cos(pi * e / tMax)) / 2, which rises again after tMax. */
export function cosineAnnealingLR({
  tMax,
  etaMin,
}: SchedulerSpecOf<'CosineAnnealingLR'>): RateRule {
  const at = (position: number) => 1 + Math.cos((Math.PI * position) / tMax)
  return {
    rates({ baseLrs, groups, isInitial, position, steps }) {
      if (isInitial) return [...groups.lrs]
      if (steps === 1 && position > 0) {
        return baseLrs.map((base) => etaMin + ((base - etaMin) * at(position)) / 2)
      }
      const leavesTheBottom = (position - 1 - tMax) % (2 * tMax) === 0
      if (leavesTheBottom) {
        const rise = 1 - Math.cos(Math.PI / tMax)
        return groups.lrs.map((lr, i) => lr + (((baseLrs[i] ?? lr) - etaMin) * rise) / 2)
      }
      const ratio = at(position) / at(position - 1)
      return groups.lrs.map((lr) => ratio * (lr - etaMin) + etaMin)
    },
    closedForm: ({ baseLrs, position }) =>
      baseLrs.map((base) => etaMin + ((base - etaMin) * at(position)) / 2),
  }
}
