import type { RunSpec } from '#core/spec/run-spec'
import { schedulerSchema, type SchedulerSpec, type SchedulerType } from '#core/spec/schedulers'

/** A scheduler with torch's defaults; what torch demands is chosen to suit the run. */
export function startScheduler(type: SchedulerType, spec: RunSpec): SchedulerSpec | null {
  const { epochs } = spec.training
  const { lr } = spec.optimizer
  const warmup = Math.max(1, Math.floor(epochs / 10))
  const rest = Math.max(1, epochs - warmup)
  const demanded: Partial<Record<SchedulerType, Readonly<Record<string, unknown>>>> = {
    LambdaLR: { lrLambda: { kind: 'warmupCosine', warmup, steps: warmup + rest } },
    MultiplicativeLR: { lrLambda: { kind: 'constant', value: 0.9 } },
    SequentialLR: {
      schedulers: [
        { type: 'LinearLR', startFactor: 0.1, totalIters: warmup },
        { type: 'CosineAnnealingLR', tMax: rest },
      ],
      milestones: [warmup],
    },
    ChainedScheduler: {
      schedulers: [
        { type: 'LinearLR', startFactor: 0.1, totalIters: warmup },
        { type: 'ExponentialLR', gamma: 0.9 },
      ],
    },
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
