import { z } from 'zod'
import {
  above,
  atLeast,
  belowOne,
  between,
  finite,
  positiveFraction,
  wholeFrom,
} from './numeric-fields'
import { problemTexts } from './problem-texts'
import { monitorSchema } from './training'
import { unknownType } from './union-error'

/**
 * The fifteen schedulers of torch.optim.lr_scheduler (2.13) and SWALR, with torch's defaults.
 * CyclicLR and OneCycleLR step once per batch, all others once per epoch.
 */

/**
 * What LambdaLR and MultiplicativeLR may compute: a closed list, never evaluated code. e is the number of epochs done.
 *   constant      value
 *   power         base ** e
 *   inverse       1 / (1 + decay * e)
 *   inverseSqrt   (e + 1) / warmup while e < warmup, then sqrt(warmup / (e + 1))
 *   linearWarmup  min(1, (e + 1) / steps)
 *   linearDecay   1 + (end - 1) * min(1, e / steps)
 *   cosine        end + (1 - end) * (1 + cos(pi * min(1, e / steps))) / 2
 *   warmupCosine  (e + 1) / warmup while e < warmup, then cosine from 1 to end over the steps that are left
 *   step          factor ** floor(e / every)
 */
export const lrExpressionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), value: atLeast(0) }),
  z.strictObject({ kind: z.literal('power'), base: above(0) }),
  z.strictObject({ kind: z.literal('inverse'), decay: atLeast(0) }),
  z.strictObject({ kind: z.literal('inverseSqrt'), warmup: wholeFrom(1) }),
  z.strictObject({ kind: z.literal('linearWarmup'), steps: wholeFrom(1) }),
  z.strictObject({
    kind: z.literal('linearDecay'),
    steps: wholeFrom(1),
    end: atLeast(0).default(0),
  }),
  z.strictObject({ kind: z.literal('cosine'), steps: wholeFrom(1), end: atLeast(0).default(0) }),
  z
    .strictObject({
      kind: z.literal('warmupCosine'),
      warmup: wholeFrom(0),
      steps: wholeFrom(1),
      end: atLeast(0).default(0),
    })
    .refine((spec) => spec.warmup < spec.steps, {
      path: ['warmup'],
      error: problemTexts.warmup,
    }),
  z.strictObject({ kind: z.literal('step'), every: wholeFrom(1), factor: above(0) }),
])

const annealStrategy = z.enum(['cos', 'linear']).default('cos')

/** Epochs at which something happens; strictly increasing unless torch gives repetition a meaning. */
const milestones = z.array(wholeFrom(0)).refine(isSorted, { error: problemTexts.ascending })

const lambdaLRSchema = z.strictObject({ type: z.literal('LambdaLR'), lrLambda: lrExpressionSchema })

const multiplicativeLRSchema = z.strictObject({
  type: z.literal('MultiplicativeLR'),
  lrLambda: lrExpressionSchema,
})

const stepLRSchema = z.strictObject({
  type: z.literal('StepLR'),
  stepSize: wholeFrom(1),
  gamma: atLeast(0).default(0.1),
})

/** A milestone named twice multiplies twice, as in torch. */
const multiStepLRSchema = z.strictObject({
  type: z.literal('MultiStepLR'),
  milestones,
  gamma: atLeast(0).default(0.1),
})

/** factor 0 is refused, though torch takes it: the return to the full rate would divide by it. */
const constantLRSchema = z.strictObject({
  type: z.literal('ConstantLR'),
  factor: positiveFraction().default(1 / 3),
  totalIters: wholeFrom(0).default(5),
})

const linearLRSchema = z.strictObject({
  type: z.literal('LinearLR'),
  startFactor: positiveFraction().default(1 / 3),
  endFactor: between(0, 1).default(1),
  totalIters: wholeFrom(1).default(5),
})

const exponentialLRSchema = z.strictObject({
  type: z.literal('ExponentialLR'),
  gamma: atLeast(0),
})

const polynomialLRSchema = z.strictObject({
  type: z.literal('PolynomialLR'),
  totalIters: wholeFrom(1).default(5),
  power: atLeast(0).default(1),
})

/** Rises again after tMax epochs. */
const cosineAnnealingLRSchema = z.strictObject({
  type: z.literal('CosineAnnealingLR'),
  tMax: wholeFrom(1),
  etaMin: atLeast(0).default(0),
})

const cosineAnnealingWarmRestartsSchema = z.strictObject({
  type: z.literal('CosineAnnealingWarmRestarts'),
  t0: wholeFrom(1),
  tMult: wholeFrom(1).default(1),
  etaMin: atLeast(0).default(0),
})

/** Per batch. stepSizeDown null is stepSizeUp. gamma counts in mode exp_range only. */
const cyclicLRSchema = z.strictObject({
  type: z.literal('CyclicLR'),
  baseLr: atLeast(0),
  maxLr: atLeast(0),
  stepSizeUp: wholeFrom(1).default(2000),
  stepSizeDown: wholeFrom(1).nullable().default(null),
  mode: z.enum(['triangular', 'triangular2', 'exp_range']).default('triangular'),
  gamma: atLeast(0).default(1),
  cycleMomentum: z.boolean().default(true),
  baseMomentum: between(0, 1).default(0.8),
  maxMomentum: between(0, 1).default(0.9),
})

/** Per batch. totalSteps null is epochs * batches per epoch. The rate starts at maxLr / divFactor and ends at that / finalDivFactor. */
const oneCycleLRSchema = z.strictObject({
  type: z.literal('OneCycleLR'),
  maxLr: atLeast(0),
  totalSteps: wholeFrom(1).nullable().default(null),
  pctStart: between(0, 1).default(0.3),
  annealStrategy,
  cycleMomentum: z.boolean().default(true),
  baseMomentum: between(0, 1).default(0.85),
  maxMomentum: between(0, 1).default(0.95),
  divFactor: above(0).default(25),
  finalDivFactor: above(0).default(1e4),
  threePhase: z.boolean().default(false),
})

/** monitor is not torch's: it names the metric that torch's caller passes to step(). */
const reduceLROnPlateauSchema = z.strictObject({
  type: z.literal('ReduceLROnPlateau'),
  monitor: monitorSchema.default('valLoss'),
  mode: z.enum(['min', 'max']).default('min'),
  factor: belowOne().default(0.1),
  patience: wholeFrom(0).default(10),
  threshold: finite().default(1e-4),
  thresholdMode: z.enum(['rel', 'abs']).default('rel'),
  cooldown: wholeFrom(0).default(0),
  minLr: atLeast(0).default(0),
  eps: atLeast(0).default(1e-8),
})

const swaLRSchema = z.strictObject({
  type: z.literal('SWALR'),
  swaLr: atLeast(0),
  annealEpochs: wholeFrom(0).default(10),
  annealStrategy,
})

/** What may stand inside SequentialLR and ChainedScheduler; torch refuses ReduceLROnPlateau there, which needs a metric. */
const members = [
  lambdaLRSchema,
  multiplicativeLRSchema,
  stepLRSchema,
  multiStepLRSchema,
  constantLRSchema,
  linearLRSchema,
  exponentialLRSchema,
  polynomialLRSchema,
  cosineAnnealingLRSchema,
  cosineAnnealingWarmRestartsSchema,
  cyclicLRSchema,
  oneCycleLRSchema,
  swaLRSchema,
] as const

const memberSchema = z.discriminatedUnion('type', members, { error: notInside(members) })

const sequentialLRSchema = z
  .strictObject({
    type: z.literal('SequentialLR'),
    schedulers: z.array(memberSchema).min(1, { error: problemTexts.noSchedulers }),
    milestones,
  })
  .refine((spec) => spec.milestones.length === spec.schedulers.length - 1, {
    path: ['milestones'],
    error: problemTexts.milestoneCount,
  })
  .refine((spec) => stepAlike(spec.schedulers), {
    path: ['schedulers'],
    error: problemTexts.mixedIntervals,
  })

const chainedSchedulerSchema = z
  .strictObject({
    type: z.literal('ChainedScheduler'),
    schedulers: z
      .array(
        z.discriminatedUnion('type', [...members, sequentialLRSchema], {
          error: notInside([...members, sequentialLRSchema]),
        }),
      )
      .min(1, { error: problemTexts.noSchedulers }),
  })
  .refine((spec) => stepAlike(spec.schedulers), {
    path: ['schedulers'],
    error: problemTexts.mixedIntervals,
  })

const all = [
  ...members,
  reduceLROnPlateauSchema,
  sequentialLRSchema,
  chainedSchedulerSchema,
] as const

const anySchedulerSchema = z.discriminatedUnion('type', all, {
  error: unknownType('Scheduler', names(all)),
})

export const schedulerSchema = anySchedulerSchema.nullable()

export type SchedulerSpec = z.output<typeof anySchedulerSchema>
export type SchedulerType = SchedulerSpec['type']
export type SchedulerSpecOf<T extends SchedulerType> = Extract<SchedulerSpec, { type: T }>
export type LrExpression = z.output<typeof lrExpressionSchema>

/** Every type, in the order in which a person may choose. */
export const schedulerTypes: readonly SchedulerType[] = names(all)

/** What may stand inside a compound scheduler. */
export const memberTypesOf: Readonly<
  Record<'SequentialLR' | 'ChainedScheduler', readonly SchedulerType[]>
> = { SequentialLR: names(members), ChainedScheduler: names([...members, sequentialLRSchema]) }

interface Named<T extends string> {
  readonly shape: { readonly type: { readonly value: T } }
}

/** A scheduler's type and, for a compound one, its members. */
interface Typed {
  readonly type: string
  readonly schedulers?: readonly Typed[]
}

/** How often a scheduler moves on: after every batch or after every epoch. A compound one moves as its members do. */
export function intervalOf(spec: Typed): 'batch' | 'epoch' {
  const first = spec.schedulers?.[0]
  if (first !== undefined) return intervalOf(first)
  return spec.type === 'CyclicLR' || spec.type === 'OneCycleLR' ? 'batch' : 'epoch'
}

function stepAlike(schedulers: readonly Typed[]): boolean {
  return new Set(schedulers.map(intervalOf)).size === 1
}

function names<T extends string>(schemas: readonly Named<T>[]): T[] {
  return schemas.map(({ shape }) => shape.type.value)
}

function notInside(schemas: readonly Named<string>[]) {
  return unknownType('A scheduler inside a scheduler', names(schemas), {
    ReduceLROnPlateau: 'it needs a metric, which the outer scheduler does not pass on',
    ChainedScheduler: 'torch cannot start it at a milestone',
    SequentialLR: 'torch cannot start it at a milestone',
  })
}

function isSorted(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || (values[i - 1] ?? 0) <= value)
}
