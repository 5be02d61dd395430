import type { SchedulerSpecOf } from '#core/spec/schedulers'
import type { RateRule } from './scheduler'

/** SWALR of torch.optim.swa_utils: from the present rate to swaLr over annealEpochs, then swaLr. */
export function swaLR({
  swaLr,
  annealEpochs,
  annealStrategy,
}: Omit<SchedulerSpecOf<'SWALR'>, 'type'>): RateRule {
  const weightAt = (step: number) => {
    const t = Math.max(0, Math.min(1, step / Math.max(1, annealEpochs)))
    return annealStrategy === 'cos' ? (1 - Math.cos(Math.PI * t)) / 2 : t
  }
  return {
    rates({ groups, steps }) {
      const step = annealEpochs === 0 ? Math.max(1, steps - 1) : steps - 1
      const before = weightAt(step - 1)
      const now = weightAt(step)
      return groups.lrs.map((lr) => {
        const start = before === 1 ? swaLr : (lr - before * swaLr) / (1 - before)
        return swaLr * now + start * (1 - now)
      })
    },
  }
}
