/** A product [rows, columns] of sums of `terms`. That of an evaluation is no part of a step. */
export interface ProductShape {
  readonly kind: 'forward' | 'gradient' | 'update' | 'evaluation'
  readonly rows: number
  readonly columns: number
  readonly terms: number
}

/** The last layer and the loss of a batch. */
export interface HeadProduct {
  readonly kind: 'head'
  readonly rows: number
  readonly features: number
  readonly classes: number
}
