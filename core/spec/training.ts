import { z } from 'zod'
import { above, atLeast, between, wholeFrom } from './numeric-fields'
import { problemTexts } from './problem-texts'

/** How long, in what portions and with what brakes a model is trained. */

export const monitorSchema = z.enum(['valLoss', 'valAccuracy', 'trainLoss'])

/** Batch gradient descent is batchSize "full", stochastic gradient descent 1, mini-batch everything between. */
const batchSize = z
  .union(
    [
      z.int({ error: problemTexts.batchSize }).min(1, { error: problemTexts.batchSize }),
      z.literal('full'),
    ],
    {
      error: problemTexts.batchSize,
    },
  )
  .default(64)

/** Stops after `patience` epochs in a row that did not better the best value by more than minDelta. */
export const earlyStoppingSchema = z.strictObject({
  monitor: monitorSchema.default('valLoss'),
  patience: wholeFrom(0).default(5),
  minDelta: atLeast(0).default(0),
  restoreBest: z.boolean().default(true),
})

/**
 * Averages of the weights, as torch.optim.swa_utils.AveragedModel.
 * SWA: the plain mean of the weights at the end of every epoch after the first `startEpoch`; with swaLr set, SWALR takes the
 * place of the scheduler from there on. EMA: after every optimizer step, average = decay * average + (1 - decay) * weights.
 */
export const averagingSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('SWA'),
    startEpoch: wholeFrom(0),
    swaLr: above(0).nullable().default(null),
    annealEpochs: wholeFrom(0).default(10),
    annealStrategy: z.enum(['cos', 'linear']).default('cos'),
  }),
  z.strictObject({ type: z.literal('EMA'), decay: between(0, 1).default(0.999) }),
])

export const trainingSchema = z.strictObject({
  epochs: wholeFrom(1).default(10),
  batchSize,
  shuffle: z.boolean().default(true),
  dropLast: z.boolean().default(false),
  seed: wholeFrom(0, 2 ** 32 - 1).default(0),
  /** Scales all gradients down when their joint 2-norm is larger (clip_grad_norm_). */
  clipGradNorm: above(0).nullable().default(null),
  /** Clamps every gradient element to [-value, value] (clip_grad_value_). */
  clipGradValue: above(0).nullable().default(null),
  /** Largest 2-norm of the incoming weights of one unit; longer ones are scaled back after each step. */
  maxNorm: above(0).nullable().default(null),
  earlyStopping: earlyStoppingSchema.nullable().default(null),
  averaging: averagingSchema.nullable().default(null),
  /** Per-layer figures every so many steps; 0 is off. */
  diagnoseEvery: wholeFrom(0).default(0),
})

export type TrainingSpec = z.output<typeof trainingSchema>
export type EarlyStoppingSpec = z.output<typeof earlyStoppingSchema>
export type AveragingSpec = z.output<typeof averagingSchema>
export type Monitor = z.output<typeof monitorSchema>
