import type { NumericalFailure } from '#core/backend/backend'
import type { SpecFix } from '#core/spec/issue'

/** What went wrong with the learning, and where. Factors are those of the gradient's 2-norm, output towards input. */
export type Illness =
  | {
      readonly kind: 'vanishing'
      /** This layer and all before it get less than a thousandth of the last layer's gradient. */
      readonly fromLayer: string
      /** Geometric mean from one Linear layer to the one before it; below 1. */
      readonly factorPerLayer: number
    }
  | {
      readonly kind: 'exploding'
      /** This layer and all before it get more than a thousandfold of the last layer's gradient. */
      readonly fromLayer: string
      readonly factorPerLayer: number
    }
  | {
      readonly kind: 'deadUnits'
      readonly layer: string
      /** Of the layer's units: derivative 0 for every image of the batch. */
      readonly share: number
    }
  | {
      readonly kind: 'saturated'
      readonly layer: string
      /** Of the layer's outputs: the activation is flat there. */
      readonly share: number
    }
  | { readonly kind: 'learningRateTooHigh'; readonly evidence: RateTooHighEvidence }
  | {
      readonly kind: 'learningRateTooLow'
      /** Largest ‖update‖ / ‖weight‖ of any layer. */
      readonly updateRatio: number
    }
  | {
      readonly kind: 'overfitting'
      /** From this epoch on the validation loss was never again as low as before. */
      readonly sinceEpoch: number
    }
  | ({ readonly kind: 'notANumber' } & NumericalFailure)

export interface RateTooHighEvidence {
  readonly firstLoss: number
  readonly highestLoss: number
  /** Median of the last losses. */
  readonly presentLoss: number
  /** Largest ‖update‖ / ‖weight‖ of any layer; null: never measured. */
  readonly updateRatio: number | null
}

/** A change of the spec that a person can make with one click. */
export interface Remedy {
  readonly kind:
    | 'useReLU'
    | 'useLeakyReLU'
    | 'fitInit'
    | 'resetBias'
    | 'lowerRate'
    | 'raiseRate'
    | 'resetEps'
    | 'clipGradients'
    | 'stopEarly'
    | 'useMoreImages'
    | 'addDropout'
  /** The number that is set, where it is one. */
  readonly value: number | null
  /** All of them belong together, to be applied in this order. */
  readonly fixes: readonly SpecFix[]
}

/** error: this run will not learn; warning: it learns, but worse than it could. Remedies: the best one first. */
export type Verdict = Illness & {
  readonly severity: 'error' | 'warning'
  readonly remedies: readonly Remedy[]
}
