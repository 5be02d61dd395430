import type { Floats } from '#core/tensor/floats'

/** A trainable tensor as parameter groups see it. */
export interface ParameterInfo {
  /** As state_dict names it: "0.weight". */
  readonly name: string
  readonly shape: readonly number[]
  /** norm: weight and bias of a normalisation layer. */
  readonly kind: 'weight' | 'bias' | 'norm'
  /** Index in `model.layers` of the layer, or of the block, that it belongs to. */
  readonly layer: number
}

/** A trainable tensor and its gradient, both row-major; an optimizer changes `value` in place. */
export interface Parameter extends ParameterInfo {
  readonly value: Floats
  readonly grad: Floats
}
