import type { Floats } from '#core/tensor/floats'

/** One tensor of optimizer state, under the name that torch gives it in `optimizer.state`. */
export interface Slot {
  readonly name: string
  readonly shape: readonly number[]
  readonly initial: number
}

type Slots = readonly (Floats | undefined)[]

/** Everything that one update of one parameter reads and writes. */
export interface Update<K extends Slots, W = null> {
  readonly shape: readonly number[]
  /** The parameter, row-major; changed in place. */
  readonly value: Floats
  /** Gradient of the loss, as long as `value`; read only, weight decay included by the optimizer itself. */
  readonly grad: Floats
  /** In the order of `slots()`; changed in place. */
  readonly slots: K
  /** Scratch memory for this parameter (Muon); holds nothing between steps. */
  readonly workspace: W
  /** State that is one number per parameter (NAdam's mu_product), under torch's name; changed in place. */
  readonly scalars: Record<string, number>
  readonly lr: number
  readonly weightDecay: number
  /** What a scheduler puts in the place of momentum, or of beta1 where the optimizer has betas; null: nothing. */
  readonly momentum: number | null
  /** Number of this step, counted from 1. */
  readonly step: number
}

/**
 * What an optimizer does to one parameter: torch's single-tensor path, operation by operation. S is its spec, K its slots, W its
 * work space. Arithmetic is done in double and rounded where torch stores a tensor, so that float32 storage follows torch's.
 */
export interface OptimizerDefinition<S, K extends Slots, W = null> {
  slots(spec: S, shape: readonly number[]): readonly Slot[]
  /** Allocates nothing. */
  update(spec: S, at: Update<K, W>): void
}

export function slot(name: string, shape: readonly number[], initial = 0): Slot {
  return { name, shape, initial }
}

/** torch.lerp: start + weight * (end - start), seen from the nearer end. */
export function lerp(start: number, end: number, weight: number): number {
  return weight < 0.5 ? start + weight * (end - start) : end - (end - start) * (1 - weight)
}

/**
 * Rounds the numbers that meet a tensor to its precision, as torch does: beta2 = 0.999 is 0.99900001 in float32, which shifts exp_avg_sq
 * by 1e-5 in the long run. torch also keeps the scalars of an optimizer (eta, mu_product) in it.
 */
export function rounding(tensor: Floats): (value: number) => number {
  return tensor instanceof Float32Array ? Math.fround : (value) => value
}
