import type { RunSpec } from '#core/spec/run-spec'
import {
  lrExpressionSchema,
  schedulerSchema,
  type LrExpression,
  type SchedulerSpec,
  type SchedulerType,
} from '#core/spec/schedulers'

/** An expression for LambdaLR or MultiplicativeLR, made to suit the run. */
export function startExpression(kind: string, { training }: RunSpec): LrExpression {
  const steps = Math.max(2, training.epochs)
  const warmup = Math.max(1, Math.floor(steps / 10))
  const demanded: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    constant: { value: 0.9 },
    power: { base: 0.9 },
    inverse: { decay: 0.1 },
    inverseSqrt: { warmup },
    linearWarmup: { steps: Math.max(1, Math.floor(steps / 2)) },
    linearDecay: { steps },
    cosine: { steps },
    warmupCosine: { warmup, steps },
    step: { every: Math.max(1, Math.floor(steps / 3)), factor: 0.1 },
  }
  return lrExpressionSchema.parse({ kind, ...demanded[kind] })
}

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
