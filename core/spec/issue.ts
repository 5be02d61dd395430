import type { Problem } from './problem'

/** A change to the spec that cures an issue, for a button beside the message. */
export type SpecFix =
  | { readonly kind: 'removeLayer'; readonly index: number }
  | { readonly kind: 'set'; readonly path: string; readonly value: unknown }

/** Something about a run spec that a person should change (error) or know (warning). */
export interface SpecIssue {
  /** Field, as "optimizer.lr" or "model.layers.2.outFeatures". */
  readonly path: string
  /** In English, for the command line: the path and the problem. */
  readonly message: string
  readonly severity: 'error' | 'warning'
  readonly problem: Problem
  readonly fix?: SpecFix
}
