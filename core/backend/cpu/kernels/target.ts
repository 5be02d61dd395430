import { type Code, f32x4 } from '../wasm/instructions'

/**
 * What the processor and the runtime offer. Relaxed SIMD fuses multiply and add: one instruction, one rounding, and
 * one register less, so that a larger tile fits.
 */
export interface SimdTarget {
  readonly relaxed: boolean
  /** Rows of the product tile; it is always 8 columns wide. */
  readonly tileRows: number
}

/** 12 accumulators, 2 operands and a splat are the 15 registers that V8 leaves free. */
export const RELAXED_SIMD: SimdTarget = { relaxed: true, tileRows: 6 }
/** Without fused multiply-add a product needs a register of its own. */
export const PLAIN_SIMD: SimdTarget = { relaxed: false, tileRows: 4 }

/** a * b + c. */
export function multiplyAdd(target: SimdTarget, a: Code, b: Code, c: Code): Code {
  return target.relaxed ? f32x4.relaxedMadd(a, b, c) : f32x4.add(f32x4.mul(a, b), c)
}
