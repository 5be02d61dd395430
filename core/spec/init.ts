import { z } from 'zod'
import { above, atLeast, between, finite } from './numeric-fields'
import { problemTexts } from './problem-texts'
import { unknownType } from './union-error'

const nonlinearity = z.enum(['linear', 'sigmoid', 'tanh', 'relu', 'leaky_relu', 'selu'])
const fanMode = z.enum(['fan_in', 'fan_out'])
const std = atLeast(0)

const anyShape = [
  z
    .strictObject({
      type: z.literal('uniform_'),
      a: finite().default(0),
      b: finite().default(1),
    })
    .refine(({ a, b }) => a <= b, { path: ['a'], error: problemTexts.uniformBounds }),
  z.strictObject({
    type: z.literal('normal_'),
    mean: finite().default(0),
    std: std.default(1),
  }),
  z
    .strictObject({
      type: z.literal('trunc_normal_'),
      mean: finite().default(0),
      std: above(0).default(1),
      a: finite().default(-2),
      b: finite().default(2),
    })
    .refine(({ a, b }) => a < b, { path: ['a'], error: problemTexts.truncatedBounds }),
  z.strictObject({ type: z.literal('constant_'), val: finite() }),
  z.strictObject({ type: z.literal('ones_') }),
  z.strictObject({ type: z.literal('zeros_') }),
] as const

const matrixOnly = [
  z.strictObject({ type: z.literal('eye_') }),
  z.strictObject({ type: z.literal('xavier_uniform_'), gain: finite().default(1) }),
  z.strictObject({
    type: z.literal('xavier_normal_'),
    gain: atLeast(0).default(1),
  }),
  z.strictObject({
    type: z.literal('kaiming_uniform_'),
    a: finite().default(0),
    mode: fanMode.default('fan_in'),
    nonlinearity: nonlinearity.default('leaky_relu'),
  }),
  z.strictObject({
    type: z.literal('kaiming_normal_'),
    a: finite().default(0),
    mode: fanMode.default('fan_in'),
    nonlinearity: nonlinearity.default('leaky_relu'),
  }),
  z.strictObject({ type: z.literal('orthogonal_'), gain: finite().default(1) }),
  z.strictObject({
    type: z.literal('sparse_'),
    sparsity: between(0, 1),
    std: std.default(0.01),
  }),
] as const

const anyShapeNames = ['uniform_', 'normal_', 'trunc_normal_', 'constant_', 'ones_', 'zeros_']
const matrixOnlyNames = [
  'eye_',
  'xavier_uniform_',
  'xavier_normal_',
  'kaiming_uniform_',
  'kaiming_normal_',
  'orthogonal_',
  'sparse_',
]
const dirac = {
  dirac_: 'torch allows it for convolution weights of 3 to 5 dimensions; for a matrix use eye_',
}

/**
 * One function of torch.nn.init with its arguments, for a weight [out, in]. trunc_normal_'s a and b are absolute
 * bounds, not multiples of std. dirac_ is refused: it has no meaning for a matrix.
 */
export const initSchema = z.discriminatedUnion('type', [...anyShape, ...matrixOnly], {
  error: unknownType('Initialization', [...anyShapeNames, ...matrixOnlyNames], dirac),
})

/** The functions of torch.nn.init that accept a vector: the others need a fan in and a fan out. */
export const biasInitSchema = z.discriminatedUnion('type', [...anyShape], {
  error: unknownType('Initialization of a bias', anyShapeNames, {
    ...dirac,
    ...Object.fromEntries(matrixOnlyNames.map((name) => [name, 'it needs a matrix'])),
  }),
})

export type InitSpec = z.output<typeof initSchema>
export type BiasInitSpec = z.output<typeof biasInitSchema>
export type Nonlinearity = z.output<typeof nonlinearity>
