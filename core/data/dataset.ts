/** Grey images with one label each. */
export interface ImageSet {
  /** [count, rows * cols], row-major, 0..255. */
  readonly images: Uint8Array
  /** [count], 0..classes-1. */
  readonly labels: Uint8Array
  readonly count: number
  readonly rows: number
  readonly cols: number
  readonly classes: number
}

export interface Dataset {
  readonly name: string
  readonly train: ImageSet
  readonly test: ImageSet
  /** Tells two versions of a data set apart; kept with every run. */
  readonly hash: string
}
