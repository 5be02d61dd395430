import type { Piece } from './piece'
import type { RuleSlot, RuleStep } from './update-rule'

/** An update rule before it has a name. */
export interface Recipe {
  readonly slots: readonly RuleSlot[]
  readonly scalars: readonly string[]
  readonly scalarsAt: (at: RuleStep) => readonly number[]
  /** Statements over `s` (the state, to be changed), `g` (the gradient, negated where the run maximizes) and `scalars`. */
  readonly body: string
  readonly uses?: readonly Piece[]
}

/** torch.lerp: from the nearer end. */
export const lerp: Piece = {
  code: `
fn lerpFromNearer(start: f32, end: f32, weight: f32) -> f32 {
  return select(end - (end - start) * (1 - weight), start + weight * (end - start), weight < 0.5);
}
`,
}

export function zeros(...names: readonly string[]): RuleSlot[] {
  return names.map((name) => ({ name, initial: 0 }))
}

/** Weight decay, decoupled: the scalar is 1 - lr * weightDecay. */
export const shrink = 's.value *= scalars.decay;'
/** Weight decay as an L2 penalty in the gradient: the scalar is weightDecay. */
export const penalize = 'g += scalars.decay * s.value;'
