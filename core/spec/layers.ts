import { z } from 'zod'
import { atLeast, between, wholeFrom } from './numeric-fields'
import { activationSchemas } from './activations'
import { biasInitSchema, initSchema } from './init'
import { unknownType } from './union-error'

const probability = between(0, 1)
const eps = atLeast(0)

const linearSchema = z.strictObject({
  type: z.literal('Linear'),
  outFeatures: wholeFrom(1, 65536),
  bias: z.boolean().default(true),
  /** null: as nn.Linear initialises itself, U(+-1/sqrt(fan in)) for weight and bias. */
  init: z
    .strictObject({
      weight: initSchema.nullable().default(null),
      bias: biasInitSchema.nullable().default(null),
    })
    .nullable()
    .default(null),
})

const dropoutSchema = z.strictObject({ type: z.literal('Dropout'), p: probability.default(0.5) })

const alphaDropoutSchema = z.strictObject({
  type: z.literal('AlphaDropout'),
  p: probability.default(0.5),
})

const batchNorm1dSchema = z.strictObject({
  type: z.literal('BatchNorm1d'),
  eps: eps.default(1e-5),
  /** Weight of the new batch in the running statistics; null: plain average over all batches. */
  momentum: probability.nullable().default(0.1),
  affine: z.boolean().default(true),
  trackRunningStats: z.boolean().default(true),
  /** Counts with affine only: a learned scale without a shift. */
  bias: z.boolean().default(true),
})

const layerNormSchema = z.strictObject({
  type: z.literal('LayerNorm'),
  eps: eps.default(1e-5),
  elementwiseAffine: z.boolean().default(true),
  bias: z.boolean().default(true),
})

const rmsNormSchema = z.strictObject({
  type: z.literal('RMSNorm'),
  /** null: the machine epsilon of the precision that is computed in. */
  eps: eps.nullable().default(null),
  elementwiseAffine: z.boolean().default(true),
})

/** y = x + block(x), where block is the layers in order; the widths at both ends must agree. */
const residualSchema = z.strictObject({
  type: z.literal('Residual'),
  get layers(): z.ZodArray<typeof layerSchema> {
    return z.array(layerSchema).min(1)
  },
})

/** Every `type` a layer may have, in the order in which a menu shows them. */
export const layerTypes = [
  'Linear',
  'Dropout',
  'AlphaDropout',
  'BatchNorm1d',
  'LayerNorm',
  'RMSNorm',
  'Residual',
  ...Object.keys(activationSchemas),
] as const

/** One layer: a class of torch.nn in camelCase with torch's defaults; in_features and the like are inferred. */
export const layerSchema = z.discriminatedUnion(
  'type',
  [
    linearSchema,
    dropoutSchema,
    alphaDropoutSchema,
    batchNorm1dSchema,
    layerNormSchema,
    rmsNormSchema,
    residualSchema,
    activationSchemas.ReLU,
    activationSchemas.LeakyReLU,
    activationSchemas.PReLU,
    activationSchemas.RReLU,
    activationSchemas.ELU,
    activationSchemas.CELU,
    activationSchemas.SELU,
    activationSchemas.GELU,
    activationSchemas.SiLU,
    activationSchemas.Mish,
    activationSchemas.Softplus,
    activationSchemas.Softsign,
    activationSchemas.Sigmoid,
    activationSchemas.LogSigmoid,
    activationSchemas.Tanh,
    activationSchemas.Tanhshrink,
    activationSchemas.Hardtanh,
    activationSchemas.Hardsigmoid,
    activationSchemas.Hardswish,
    activationSchemas.ReLU6,
    activationSchemas.Hardshrink,
    activationSchemas.Softshrink,
    activationSchemas.Threshold,
    activationSchemas.GLU,
    activationSchemas.Softmax,
    activationSchemas.LogSoftmax,
    activationSchemas.Softmin,
  ],
  { error: unknownType('Layer', layerTypes) },
)

/** A torch.nn.Sequential over rows of `inFeatures` values. */
export const modelSchema = z.strictObject({
  inFeatures: wholeFrom(1, 65536).default(784),
  layers: z.array(layerSchema).min(1),
})

export type LayerSpec = z.output<typeof layerSchema>
export type LayerInput = z.input<typeof layerSchema>
export type LayerType = LayerSpec['type']
export type ModelSpec = z.output<typeof modelSchema>
export type LinearSpec = z.output<typeof linearSchema>
export type BatchNorm1dSpec = z.output<typeof batchNorm1dSchema>
export type LayerNormSpec = z.output<typeof layerNormSchema>
export type RMSNormSpec = z.output<typeof rmsNormSchema>
