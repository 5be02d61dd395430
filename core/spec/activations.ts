import { z } from 'zod'
import { above, atLeast, finite, wholeFrom } from './numeric-fields'
import { problemTexts } from './problem-texts'

/** Torch's default dimensions of a softmax over [N, F]: 1 and -1 both mean the features. */
const featureDim = z.literal([1, -1])

/**
 * The 27 activations of torch.nn that act on [N, F], keyed by class name, with torch's argument names in
 * camelCase and torch's defaults. Only GLU changes the width (it halves it).
 */
export const activationSchemas = {
  ReLU: z.strictObject({ type: z.literal('ReLU') }),
  LeakyReLU: z.strictObject({
    type: z.literal('LeakyReLU'),
    negativeSlope: finite().default(0.01),
  }),
  PReLU: z.strictObject({
    type: z.literal('PReLU'),
    numParameters: wholeFrom(1, 65536).default(1),
    init: finite().default(0.25),
  }),
  RReLU: z
    .strictObject({
      type: z.literal('RReLU'),
      lower: finite().default(1 / 8),
      upper: finite().default(1 / 3),
    })
    .refine(({ lower, upper }) => lower <= upper, {
      path: ['lower'],
      error: problemTexts.rreluBounds,
    }),
  ELU: z.strictObject({ type: z.literal('ELU'), alpha: finite().default(1) }),
  CELU: z.strictObject({ type: z.literal('CELU'), alpha: above(0).default(1) }),
  SELU: z.strictObject({ type: z.literal('SELU') }),
  GELU: z.strictObject({
    type: z.literal('GELU'),
    approximate: z.enum(['none', 'tanh']).default('none'),
  }),
  SiLU: z.strictObject({ type: z.literal('SiLU') }),
  Mish: z.strictObject({ type: z.literal('Mish') }),
  Softplus: z.strictObject({
    type: z.literal('Softplus'),
    beta: above(0).default(1),
    threshold: finite().default(20),
  }),
  Softsign: z.strictObject({ type: z.literal('Softsign') }),
  Sigmoid: z.strictObject({ type: z.literal('Sigmoid') }),
  LogSigmoid: z.strictObject({ type: z.literal('LogSigmoid') }),
  Tanh: z.strictObject({ type: z.literal('Tanh') }),
  Tanhshrink: z.strictObject({ type: z.literal('Tanhshrink') }),
  Hardtanh: z
    .strictObject({
      type: z.literal('Hardtanh'),
      minVal: finite().default(-1),
      maxVal: finite().default(1),
    })
    .refine(({ minVal, maxVal }) => minVal < maxVal, {
      path: ['minVal'],
      error: problemTexts.hardtanhBounds,
    }),
  Hardsigmoid: z.strictObject({ type: z.literal('Hardsigmoid') }),
  Hardswish: z.strictObject({ type: z.literal('Hardswish') }),
  ReLU6: z.strictObject({ type: z.literal('ReLU6') }),
  Hardshrink: z.strictObject({
    type: z.literal('Hardshrink'),
    lambd: atLeast(0).default(0.5),
  }),
  Softshrink: z.strictObject({
    type: z.literal('Softshrink'),
    lambd: atLeast(0).default(0.5),
  }),
  Threshold: z.strictObject({
    type: z.literal('Threshold'),
    threshold: finite(),
    value: finite(),
  }),
  GLU: z.strictObject({ type: z.literal('GLU'), dim: featureDim.default(-1) }),
  Softmax: z.strictObject({ type: z.literal('Softmax'), dim: featureDim.default(1) }),
  LogSoftmax: z.strictObject({ type: z.literal('LogSoftmax'), dim: featureDim.default(1) }),
  Softmin: z.strictObject({ type: z.literal('Softmin'), dim: featureDim.default(1) }),
} as const

export type ActivationType = keyof typeof activationSchemas

/** One activation with every argument filled in. */
export type ActivationSpec = {
  [T in ActivationType]: z.output<(typeof activationSchemas)[T]>
}[ActivationType]
