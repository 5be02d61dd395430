/** What one layer did at one step: the raw figures behind gradient health. All over one batch. */

export interface Distribution {
  readonly mean: number
  readonly std: number
  readonly min: number
  readonly max: number
  /** [bins] counts between `min` and `max`. */
  readonly histogram: readonly number[]
}

export interface LayerReport {
  /** Path as in state_dict: "0", "3.1". */
  readonly layer: string
  readonly type: string
  /** Output of the layer in the forward pass. For a Linear layer: the pre-activations. */
  readonly output: Distribution
  /** Gradient of the loss with respect to that output. */
  readonly outputGradient: Distribution
  /** L2 norm of the gradient of all the layer's parameters, before clipping; null: no parameters. */
  readonly gradientNorm: number | null
  readonly weightNorm: number | null
  /** ‖update‖ / ‖weight‖ of this step; null: no parameters or a zero weight. */
  readonly updateRatio: number | null
  /** Share of units with derivative 0 for every image of the batch; null where the layer is no activation. */
  readonly dead: number | null
  /** Share of outputs where the activation is flat (|derivative| < 0.01 of its largest); null likewise. */
  readonly saturated: number | null
}
