import type { LayerType } from '#core/spec/layers'
import type { Floats } from '#core/tensor/floats'

/** What a forward pass may depend on besides its input. Together with the layer it keys every random draw. */
export interface ForwardContext {
  readonly training: boolean
  readonly seed: number
  /** Optimizer steps taken by the run before this pass. */
  readonly step: number
}

/** A tensor of a module's state, named as state_dict names it. */
export interface NamedTensor {
  /** "0.weight"; inside a residual block "3.0.weight". */
  readonly name: string
  readonly shape: readonly number[]
  /** Row-major; written in place by initialisation, optimizers and checkpoints. */
  readonly value: Floats
}

/** norm: weight and bias of a normalisation; slope: what PReLU learns. Neither is usually decayed. */
export type ParameterKind = 'weight' | 'bias' | 'norm' | 'slope'

export interface Parameter extends NamedTensor {
  /** dLoss/dvalue. Each backward pass adds to it, as in torch: zeroGrad() first. */
  readonly grad: Floats
  readonly kind: ParameterKind
}

/**
 * A differentiable map of rows, [n, inFeatures] -> [n, outFeatures]. Arrays are row-major and may be longer than
 * n rows. A module owns the arrays it returns and reuses them: they are valid until its next call.
 */
export interface Module {
  /** Place in the model as state_dict names it: "0", "3.1"; "" for the whole model. */
  readonly path: string
  readonly type: LayerType | 'Sequential'
  readonly inFeatures: number
  readonly outFeatures: number
  /** Modules inside this one, in the order in which they run. */
  readonly children: readonly Module[]
  /** [n, out] what the last forward pass returned. */
  readonly output: Floats
  /** [n, out] dLoss/dOutput, what the last backward pass was given. */
  readonly outputGradient: Floats

  /** x [n, in] -> y [n, out] */
  forward(x: Floats, n: number, context: ForwardContext): Floats

  /**
   * dy [n, out] -> dx [n, in], for the rows of the last forward pass; adds to the gradients of the parameters.
   * Without `inputGradient` a module may leave dx undone.
   */
  backward(dy: Floats, n: number, inputGradient?: boolean): Floats

  /** Those of the children included, in torch's order. */
  parameters(): readonly Parameter[]

  /** State that is not trained: running statistics. */
  buffers(): readonly NamedTensor[]
}
