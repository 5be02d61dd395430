import { baseMomentumOf } from '#core/optim/momentum'
import { stepsPerEpochOf } from '#core/optim/run-length'
import { preview } from '#core/optim/schedule-preview'
import type { RunSpec } from '#core/spec/run-spec'
import { intervalOf } from '#core/spec/schedulers'

const mostSteps = 500_000
const points = 240

/** The rates of a run before it begins, at the same places for every parameter group. */
export interface ScheduledRates {
  /** Shares of the run that are done, from 0 on, below 1. */
  readonly at: readonly number[]
  /** The optimizer's own rate first, then each other rate of a parameter group. */
  readonly rates: readonly (readonly number[])[]
  /** A rate holds until the next place: it changes after an epoch, not with every batch. */
  readonly stairs: boolean
}

/** Thinned where there are many epochs or batches; null where there are too many batches to walk through. */
export function scheduledRates(spec: RunSpec): ScheduledRates | null {
  const { optimizer, scheduler, training } = spec
  const { epochs, averaging } = training
  const perBatch = scheduler !== null && intervalOf(scheduler) === 'batch'
  const stepsPerEpoch = perBatch ? Math.max(1, stepsPerEpochOf(spec)) : 1
  const total = epochs * stepsPerEpoch
  if (total > mostSteps) return null
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
  return {
    at: curve.map(({ step }) => step / total),
    rates: baseLrs.map((_, group) => curve.map(({ lrs }) => lrs[group] ?? 0)),
    stairs: !perBatch,
  }
}

/** The optimizer's own rate where `share` of the run is done. */
export function rateAt({ at, rates }: ScheduledRates, share: number): number {
  const next = at.findIndex((place) => place > share)
  return rates[0]?.at(next === -1 ? -1 : Math.max(0, next - 1)) ?? 0
}
