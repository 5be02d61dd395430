import type { Floats } from '#core/tensor/floats'

/**
 * What an output should have been. Class labels are read as torch users would write them: as the class index where
 * the loss takes one (cross entropy, NLL, multi-margin), as their one-hot row where it takes numbers.
 */
export type Targets =
  | { readonly kind: 'classes'; readonly labels: Uint8Array | Int32Array }
  /** [n, outFeatures] */
  | { readonly kind: 'dense'; readonly values: Floats }

/** How far n rows of output are from their targets, reduced to one number. */
export interface Loss {
  /**
   * What the sum over these rows is divided by: 1 for 'sum', else the number of rows or of elements, or the sum of
   * the weights of the rows that count. A batch that is worked off in pieces passes the divisor of all of it to each
   * piece; the pieces then add up.
   */
  divisor(targets: Targets, n: number): number

  /** output [n, out] -> sum of the terms / divisor; NaN where the divisor is 0, as in torch. */
  forward(output: Floats, targets: Targets, n: number, divisor?: number): number

  /** Writes dLoss/dOutput [n, out]. */
  backward(output: Floats, targets: Targets, n: number, gradient: Floats, divisor?: number): void
}

/** A programmer's error: targets of a kind that the loss cannot take, or a label outside the classes. */
export class TargetError extends Error {
  override readonly name = 'TargetError'
}

/** @throws TargetError for dense targets */
export function labelsOf(targets: Targets, loss: string): Uint8Array | Int32Array {
  if (targets.kind === 'classes') return targets.labels
  throw new TargetError(`${loss} expects class labels, got dense targets`)
}

/** @throws TargetError for a label that is no class */
export function classAt(labels: Uint8Array | Int32Array, row: number, classes: number): number {
  const label = labels[row]
  if (label !== undefined && label >= 0 && label < classes) return label
  throw new TargetError(`expected a label in 0..${classes - 1} in row ${row}, got ${String(label)}`)
}
