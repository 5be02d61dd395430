import type { ActivationSpec } from '#core/spec/activations'

/**
 * An activation that maps each number by itself: the definition that every backend implements. At a kink the
 * derivative is the one that PyTorch uses (measured; test/golden/activations.json).
 */
export interface ElementwiseActivation {
  forward(x: number): number
  /** dy/dx at x, given y = forward(x). */
  derivative(x: number, y: number): number
}

/** Activations that are modules of their own: they look at a whole row, learn, or draw random numbers. */
export type RowwiseType = 'GLU' | 'Softmax' | 'LogSoftmax' | 'Softmin' | 'PReLU' | 'RReLU'

export type ElementwiseSpec = Exclude<ActivationSpec, { type: RowwiseType }>
