import { baseMomentumOf } from '#core/optim/momentum'
import { stepsPerEpochOf } from '#core/optim/run-length'
import { preview } from '#core/optim/schedule-preview'
import type { RunSpec } from '#core/spec/run-spec'
import { intervalOf } from '#core/spec/schedulers'

const mostSteps = 500_000
const points = 240

/**
 * The rates over the run: a curve for the optimizer's own rate and one for each other rate of a parameter group, an
 * epoch or (thinned) a batch apiece. Null where there are too many batches to walk through.
 */
export function scheduledRates(spec: RunSpec): readonly (readonly number[])[] | null {
  const { optimizer, scheduler, training } = spec
  const { epochs, averaging } = training
  const perBatch = scheduler !== null && intervalOf(scheduler) === 'batch'
  const stepsPerEpoch = perBatch ? Math.max(1, stepsPerEpochOf(spec)) : 1
  if (epochs * stepsPerEpoch > mostSteps) return null
  const others = optimizer.paramGroups.flatMap(({ lr }) => (lr === undefined ? [] : [lr]))
  const baseLrs = [...new Set([optimizer.lr, ...others])]
  const context = {
    baseLrs,
    baseMomentum: baseMomentumOf(optimizer),
    epochs,
    stepsPerEpoch,
    averaging,
  }
  const curve = preview(scheduler, context, points)
  return baseLrs.map((_, group) => {
    const rates = curve.map(({ lrs }) => lrs[group] ?? 0)
    return rates.length === 1 ? [...rates, ...rates] : rates
  })
}
