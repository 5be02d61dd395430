import { z } from 'zod'
import { above, atLeast, between, finite } from './numeric-fields'
import { unknownType } from './union-error'

const reduction = z.enum(['mean', 'sum']).default('mean')
const classWeights = z.array(atLeast(0)).min(1).nullable().default(null)
const ignoreIndex = z.int().default(-100)

export const lossSchemas = {
  CrossEntropyLoss: z.strictObject({
    type: z.literal('CrossEntropyLoss'),
    weight: classWeights,
    ignoreIndex,
    labelSmoothing: between(0, 1).default(0),
    reduction,
  }),
  NLLLoss: z.strictObject({
    type: z.literal('NLLLoss'),
    weight: classWeights,
    ignoreIndex,
    reduction,
  }),
  BCEWithLogitsLoss: z.strictObject({
    type: z.literal('BCEWithLogitsLoss'),
    weight: classWeights,
    posWeight: classWeights,
    reduction,
  }),
  BCELoss: z.strictObject({ type: z.literal('BCELoss'), weight: classWeights, reduction }),
  MSELoss: z.strictObject({ type: z.literal('MSELoss'), reduction }),
  L1Loss: z.strictObject({ type: z.literal('L1Loss'), reduction }),
  SmoothL1Loss: z.strictObject({
    type: z.literal('SmoothL1Loss'),
    beta: atLeast(0).default(1),
    reduction,
  }),
  HuberLoss: z.strictObject({
    type: z.literal('HuberLoss'),
    delta: above(0).default(1),
    reduction,
  }),
  KLDivLoss: z.strictObject({
    type: z.literal('KLDivLoss'),
    logTarget: z.boolean().default(false),
    /** torch's default 'mean' divides by all elements; 'batchmean' is the divergence per sample. */
    reduction: z.enum(['mean', 'batchmean', 'sum']).default('mean'),
  }),
  MultiMarginLoss: z.strictObject({
    type: z.literal('MultiMarginLoss'),
    p: z.literal([1, 2]).default(1),
    margin: finite().default(1),
    weight: classWeights,
    reduction,
  }),
  GaussianNLLLoss: z.strictObject({
    type: z.literal('GaussianNLLLoss'),
    /** torch takes a variance per element with each batch; a plain MLP predicts none, so it is one constant here. */
    variance: atLeast(0).default(1),
    full: z.boolean().default(false),
    eps: above(0).default(1e-6),
    reduction,
  }),
  PoissonNLLLoss: z.strictObject({
    type: z.literal('PoissonNLLLoss'),
    logInput: z.boolean().default(true),
    full: z.boolean().default(false),
    eps: above(0).default(1e-8),
    reduction,
  }),
} as const

export type LossType = keyof typeof lossSchemas

/** One loss of torch.nn with torch's arguments in camelCase and torch's defaults. */
export const lossSchema = z.discriminatedUnion(
  'type',
  [
    lossSchemas.CrossEntropyLoss,
    lossSchemas.NLLLoss,
    lossSchemas.BCEWithLogitsLoss,
    lossSchemas.BCELoss,
    lossSchemas.MSELoss,
    lossSchemas.L1Loss,
    lossSchemas.SmoothL1Loss,
    lossSchemas.HuberLoss,
    lossSchemas.KLDivLoss,
    lossSchemas.MultiMarginLoss,
    lossSchemas.GaussianNLLLoss,
    lossSchemas.PoissonNLLLoss,
  ],
  { error: unknownType('Loss', Object.keys(lossSchemas)) },
)

export type LossSpec = z.output<typeof lossSchema>
