import type { Point } from './thinning'

/** A line of a chart. */
export interface Curve {
  readonly points: readonly Point[]
  /** A custom property of tokens.css, as '--series-1'. */
  readonly color: string
  readonly opacity: number
  readonly width: number
  readonly dash: readonly number[]
  /** Marks at the points, for values that are few. */
  readonly marks: boolean
}
