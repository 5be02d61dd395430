import type { Piece } from './piece'

/** A tensor of a parameter's optimizer state, as core/optim names it; in the order in which the definition keeps them. */
export interface RuleSlot {
  readonly name: string
  readonly initial: number
  /** Where it is not the parameter's. */
  readonly shape?: readonly number[]
}

export interface RuleStep {
  /** Of the parameter's group at this step. */
  readonly lr: number
  /** Of the parameter's group. */
  readonly weightDecay: number
  /** In the place of the spec's momentum or beta1. */
  readonly momentum: number | null
  /** Counted from 1. */
  readonly step: number
  /** State that is one number a parameter (NAdam's mu_product), under torch's name: read and written, part of a checkpoint. */
  readonly numbers: Record<string, number>
}

/** The numbers that a rule gets at each step. */
export interface StepRule {
  /** Their names, in the order of `scalarsAt`. */
  readonly scalars: readonly string[]
  readonly scalarsAt: (at: RuleStep) => readonly number[]
}

/**
 * What an optimizer does to one element of a parameter:
 *
 *   struct NAMEState { value: f32, <one f32 a slot, under its name> }
 *   struct NAMEScalars { <one f32 a scalar> }
 *   fn NAME(state: NAMEState, gradient: f32, scalars: NAMEScalars) -> NAMEState
 *
 * All that a step or a hyperparameter changes is a scalar, so that runs with other rates share a pipeline. They are made
 * in float64 on the CPU: WGSL's pow is too inaccurate for bias corrections.
 */
export interface UpdateRule extends Piece, StepRule {
  readonly slots: readonly RuleSlot[]
}
