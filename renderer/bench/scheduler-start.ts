import type { RunSpec } from '#core/spec/run-spec'
import {
  schedulerSchema,
  schedulerTypes,
  type SchedulerSpec,
  type SchedulerType,
} from '#core/spec/schedulers'

/** Schedulers that a form can hold; the nested ones come in with project files. */
export const offeredSchedulers: readonly SchedulerType[] = schedulerTypes.filter(
  (type) => !['LambdaLR', 'MultiplicativeLR', 'SequentialLR', 'ChainedScheduler'].includes(type),
)

/** A scheduler with torch's defaults; what torch demands is chosen to suit the run. */
export function startScheduler(type: SchedulerType, spec: RunSpec): SchedulerSpec | null {
  const { epochs } = spec.training
  const { lr } = spec.optimizer
  const demanded: Partial<Record<SchedulerType, Readonly<Record<string, unknown>>>> = {
    StepLR: { stepSize: Math.max(1, Math.floor(epochs / 3)) },
    MultiStepLR: {
      milestones: [...new Set([Math.floor(epochs / 2), Math.floor((epochs * 3) / 4)])],
    },
    ExponentialLR: { gamma: 0.9 },
    CosineAnnealingLR: { tMax: epochs },
    CosineAnnealingWarmRestarts: { t0: Math.max(1, Math.floor(epochs / 3)) },
    CyclicLR: { baseLr: lr / 10, maxLr: lr, cycleMomentum: false },
    OneCycleLR: { maxLr: lr * 10 },
    SWALR: { swaLr: lr / 2 },
  }
  return schedulerSchema.parse({ type, ...demanded[type] })
}
