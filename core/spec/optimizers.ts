import { z } from 'zod'
import { atLeast, atMost, belowOne, between, finite, wholeFrom } from './numeric-fields'
import { problemTexts } from './problem-texts'
import { unknownType } from './union-error'

/**
 * The optimizers of torch.optim (2.13) with torch's defaults, and Lion, which torch does not have.
 * foreach, fused, capturable and differentiable are left out: they have no numeric meaning.
 */

/**
 * Which parameters an override is for: the biases of all layers together with the weights of the norm layers,
 * or everything in the layer at this index of `model.layers`.
 */
const parameterMatch = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('biasesAndNorms') }),
  z.strictObject({ kind: z.literal('layer'), layer: wholeFrom(0) }),
])

const paramGroup = z.strictObject({
  match: parameterMatch,
  lr: atLeast(0).optional(),
  weightDecay: atLeast(0).optional(),
})

/** A parameter that several overrides match takes all of them, a later one replacing an earlier one's value. */
const paramGroups = z.array(paramGroup).default([])

/** The same, for an optimizer that knows no weight decay. */
const paramGroupsWithoutDecay = z
  .array(
    paramGroup.refine((group) => group.weightDecay === undefined, {
      path: ['weightDecay'],
      error: problemTexts.noWeightDecay,
    }),
  )
  .default([])

const betas = (first: number, second: number) =>
  z.tuple([belowOne(), belowOne()]).default([first, second])

const flag = (value: boolean) => z.boolean().default(value)

const sgdSchema = z
  .strictObject({
    type: z.literal('SGD'),
    lr: atLeast(0).default(1e-3),
    momentum: atLeast(0).default(0),
    dampening: finite().default(0),
    weightDecay: atLeast(0).default(0),
    nesterov: flag(false),
    maximize: flag(false),
    paramGroups,
  })
  .refine((spec) => !spec.nesterov || (spec.momentum > 0 && spec.dampening === 0), {
    path: ['nesterov'],
    error: problemTexts.nesterov,
  })

const adamFields = {
  lr: atLeast(0).default(1e-3),
  betas: betas(0.9, 0.999),
  eps: atLeast(0).default(1e-8),
  amsgrad: flag(false),
  maximize: flag(false),
  paramGroups,
}

/** weightDecay is an L2 penalty added to the gradient; decoupled, it works as AdamW's. */
const adamSchema = z.strictObject({
  type: z.literal('Adam'),
  ...adamFields,
  weightDecay: atLeast(0).default(0),
  decoupledWeightDecay: flag(false),
})

/** weightDecay is decoupled: the weights are multiplied by 1 - lr * weightDecay before the step. */
const adamWSchema = z.strictObject({
  type: z.literal('AdamW'),
  ...adamFields,
  weightDecay: atLeast(0).default(1e-2),
})

const nadamSchema = z.strictObject({
  type: z.literal('NAdam'),
  lr: atLeast(0).default(2e-3),
  betas: betas(0.9, 0.999),
  eps: atLeast(0).default(1e-8),
  weightDecay: atLeast(0).default(0),
  momentumDecay: atLeast(0).default(4e-3),
  decoupledWeightDecay: flag(false),
  maximize: flag(false),
  paramGroups,
})

const radamSchema = z.strictObject({
  type: z.literal('RAdam'),
  lr: atLeast(0).default(1e-3),
  betas: betas(0.9, 0.999),
  eps: atLeast(0).default(1e-8),
  weightDecay: atLeast(0).default(0),
  decoupledWeightDecay: flag(false),
  maximize: flag(false),
  paramGroups,
})

const adamaxSchema = z.strictObject({
  type: z.literal('Adamax'),
  lr: atLeast(0).default(2e-3),
  betas: betas(0.9, 0.999),
  eps: atLeast(0).default(1e-8),
  weightDecay: atLeast(0).default(0),
  maximize: flag(false),
  paramGroups,
})

const adagradSchema = z.strictObject({
  type: z.literal('Adagrad'),
  lr: atLeast(0).default(1e-2),
  lrDecay: atLeast(0).default(0),
  weightDecay: atLeast(0).default(0),
  initialAccumulatorValue: atLeast(0).default(0),
  eps: atLeast(0).default(1e-10),
  maximize: flag(false),
  paramGroups,
})

const adadeltaSchema = z.strictObject({
  type: z.literal('Adadelta'),
  lr: atLeast(0).default(1),
  rho: between(0, 1).default(0.9),
  eps: atLeast(0).default(1e-6),
  weightDecay: atLeast(0).default(0),
  maximize: flag(false),
  paramGroups,
})

const rmspropSchema = z.strictObject({
  type: z.literal('RMSprop'),
  lr: atLeast(0).default(1e-2),
  alpha: between(0, 1).default(0.99),
  eps: atLeast(0).default(1e-8),
  weightDecay: atLeast(0).default(0),
  momentum: atLeast(0).default(0),
  centered: flag(false),
  maximize: flag(false),
  paramGroups,
})

/** etas: by what a step shrinks and grows; stepSizes: its smallest and largest value; lr: the first step. */
const rpropSchema = z.strictObject({
  type: z.literal('Rprop'),
  lr: atLeast(0).default(1e-2),
  etas: z
    .tuple([finite(), finite()])
    .refine(([minus, plus]) => minus > 0 && minus < 1 && plus > 1, {
      error: problemTexts.etas,
    })
    .default([0.5, 1.2]),
  stepSizes: z
    .tuple([atLeast(0), atLeast(0)])
    .refine(([smallest, largest]) => smallest <= largest, {
      error: problemTexts.stepSizes,
    })
    .default([1e-6, 50]),
  maximize: flag(false),
  paramGroups: paramGroupsWithoutDecay,
})

const asgdSchema = z.strictObject({
  type: z.literal('ASGD'),
  lr: atLeast(0).default(1e-2),
  lambd: atLeast(0).default(1e-4),
  alpha: atLeast(0).default(0.75),
  t0: atLeast(0).default(1e6),
  weightDecay: atLeast(0).default(0),
  maximize: flag(false),
  paramGroups,
})

/** maxEval null is maxIter * 5 / 4, rounded down. */
const lbfgsSchema = z.strictObject({
  type: z.literal('LBFGS'),
  lr: atLeast(0).default(1),
  maxIter: wholeFrom(1).default(20),
  maxEval: wholeFrom(1).nullable().default(null),
  toleranceGrad: atLeast(0).default(1e-7),
  toleranceChange: atLeast(0).default(1e-9),
  historySize: wholeFrom(1).default(100),
  lineSearchFn: z.literal('strong_wolfe').nullable().default(null),
  paramGroups: z.array(paramGroup).max(0, { error: problemTexts.noGroups }).default([]),
})

/** eps[0] null is the machine epsilon of the storage (float32 or float64). */
const adafactorSchema = z.strictObject({
  type: z.literal('Adafactor'),
  lr: atLeast(0).default(1e-2),
  beta2Decay: atMost(0).default(-0.8),
  eps: z.tuple([atLeast(0).nullable(), atLeast(0)]).default([null, 1e-3]),
  d: atLeast(1).default(1),
  weightDecay: atLeast(0).default(0),
  maximize: flag(false),
  paramGroups,
})

/** Not in torch. Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms"; weightDecay is decoupled. */
const lionSchema = z.strictObject({
  type: z.literal('Lion'),
  lr: atLeast(0).default(1e-4),
  betas: betas(0.9, 0.99),
  weightDecay: atLeast(0).default(0),
  maximize: flag(false),
  paramGroups,
})

/** The optimizers that update any parameter by itself: what Muon may leave its biases to. */
const elementwise = [
  sgdSchema,
  adamSchema,
  adamWSchema,
  nadamSchema,
  radamSchema,
  adamaxSchema,
  adagradSchema,
  adadeltaSchema,
  rmspropSchema,
  rpropSchema,
  asgdSchema,
  adafactorSchema,
  lionSchema,
] as const

/** For weight matrices; `others` updates everything that is not one (biases, norms) and has its own paramGroups. */
export const muonSchema = z.strictObject({
  type: z.literal('Muon'),
  lr: atLeast(0).default(1e-3),
  weightDecay: atLeast(0).default(0.1),
  momentum: atLeast(0).default(0.95),
  nesterov: flag(true),
  nsCoefficients: z.tuple([finite(), finite(), finite()]).default([3.4445, -4.775, 2.0315]),
  eps: atLeast(0).default(1e-7),
  nsSteps: wholeFrom(0, 99).default(5),
  adjustLrFn: z.enum(['original', 'match_rms_adamw']).nullable().default(null),
  others: z
    .discriminatedUnion('type', elementwise, {
      error: unknownType("Muon's optimizer for the other parameters", names(elementwise)),
    })
    .prefault({ type: 'AdamW' }),
  paramGroups,
})

const all = [...elementwise, lbfgsSchema, muonSchema] as const

export const optimizerSchema = z.discriminatedUnion('type', all, {
  error: unknownType('Optimizer', names(all), {
    SparseAdam: 'it is for sparse gradients, which an MLP on images does not have; use Adam',
  }),
})

export type OptimizerSpec = z.output<typeof optimizerSchema>
export type OptimizerType = OptimizerSpec['type']
/** The spec of one optimizer: `SpecOf<'Adam'>`. */
export type OptimizerSpecOf<T extends OptimizerType> = Extract<OptimizerSpec, { type: T }>
/** What may stand as Muon's `others`: everything but LBFGS and Muon. */
export type ElementwiseSpec = z.output<(typeof elementwise)[number]>
/** What updates one parameter at a time: everything but LBFGS. */
export type StepwiseSpec = Exclude<OptimizerSpec, { type: 'LBFGS' }>
export type ParamGroupSpec = z.output<typeof paramGroup>

/** Every type, in the order in which a person may choose. */
export const optimizerTypes: readonly OptimizerType[] = names(all)

/** Optimizers offered here that torch.optim does not have. */
export const notInTorch: ReadonlySet<OptimizerType> = new Set(['Lion'])

function names<T extends string>(
  schemas: readonly { readonly shape: { readonly type: { readonly value: T } } }[],
): T[] {
  return schemas.map(({ shape }) => shape.type.value)
}
