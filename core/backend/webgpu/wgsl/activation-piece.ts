import type { Piece } from './piece'

/** An activation of numbers: fn NAME(x: f32) -> f32 and fn NAMESlope(x: f32, y: f32) -> f32, y being NAME(x). */
export interface ActivationPiece extends Piece {
  /** false: NAMESlope looks at y only, so that a kernel need not keep x. */
  readonly slopeNeedsInput: boolean
}
