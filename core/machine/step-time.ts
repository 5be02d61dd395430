import type { TrainingShape } from './training-shape'

/**
 * How long an optimizer step takes, as a sum of what there is to do: so many multiplications, so many weights to read
 * and write, so many outputs, so many layers. What each costs is fitted to steps that were timed on the device itself
 * (fit-step-costs.ts), so that nothing here is a property of any machine.
 */

/** Seconds for one of each, all at least 0. */
export interface StepCosts {
  /** A step at all, and each of its layers. */
  readonly step: number
  readonly layer: number
  /** A weight of the first layer and of the others: fetched once a step, and its gradient written. */
  readonly firstWeight: number
  readonly weight: number
  /** A weight times an image of the batch, forward and back. */
  readonly firstProduct: number
  readonly product: number
  /** An output of a layer for one image. */
  readonly output: number
}

export const STEP_COSTS = [
  'step',
  'layer',
  'firstWeight',
  'weight',
  'firstProduct',
  'product',
  'output',
] as const satisfies readonly (keyof StepCosts)[]

/** What a device was measured at. */
export interface DeviceRates {
  readonly costs: StepCosts
  /** Seconds a unit of each extra (training-shape.ts) that was timed. */
  readonly extras: Readonly<Record<string, number>>
}

/** How much of each cost a step has. */
export function stepAmounts({ products, batchSize }: TrainingShape): StepCosts {
  // Vectors are eight values wide: an output layer of 10 costs what 16 would.
  const weights = (first: boolean) =>
    products
      .filter((product) => product.first === first)
      .reduce((sum, p) => sum + p.inFeatures * wholeVectors(p.outFeatures), 0)
  const outputs = products.reduce((sum, p) => sum + wholeVectors(p.outFeatures), 0)
  return {
    step: 1,
    layer: products.length,
    firstWeight: weights(true),
    weight: weights(false),
    firstProduct: weights(true) * batchSize,
    product: weights(false) * batchSize,
    output: outputs * batchSize,
  }
}

function wholeVectors(width: number): number {
  return Math.ceil(width / 8) * 8
}

export type StepPrediction =
  | { readonly known: true; readonly seconds: number }
  /** `missing`: extras whose cost nobody measured on this device. */
  | { readonly known: false; readonly missing: readonly string[] }

export function predictStep({ costs, extras }: DeviceRates, shape: TrainingShape): StepPrediction {
  const missing = shape.extras.filter(({ key }) => extras[key] === undefined).map(({ key }) => key)
  if (missing.length > 0) return { known: false, missing: [...new Set(missing)] }
  const seconds = shape.extras.reduce(
    (sum, { key, units }) => sum + units * (extras[key] ?? 0),
    baseSeconds(costs, shape),
  )
  return { known: true, seconds }
}

/** Of the products alone, without update and extras. */
export function baseSeconds(costs: StepCosts, shape: TrainingShape): number {
  const amounts = stepAmounts(shape)
  return STEP_COSTS.reduce((sum, name) => sum + costs[name] * amounts[name], 0)
}

/** Training time of an epoch, evaluation not counted; the last batch may be smaller. */
export function stepsPerEpoch({ images, batchSize }: TrainingShape): number {
  return images / Math.max(1, batchSize)
}
