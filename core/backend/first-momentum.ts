import { baseMomentumOf } from '#core/optim/momentum'
import { createSchedule } from '#core/optim/schedule'
import type { RunSpec } from '#core/spec/run-spec'

/**
 * What the run's scheduler puts in the place of momentum at the first step, or null: an optimizer must know it when it
 * decides whether it keeps momentum buffers.
 */
export function firstMomentum({ scheduler, optimizer }: RunSpec): number | null {
  const baseMomentum = baseMomentumOf(optimizer)
  const context = { baseLrs: [optimizer.lr], baseMomentum, epochs: 1, stepsPerEpoch: 100 }
  return createSchedule(scheduler, context).rates().momentum
}
