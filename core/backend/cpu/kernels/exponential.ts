import { type Code, f32x4, i32, i32x4, sequence } from '../wasm/instructions'
import type { Local } from '../wasm/module-builder'
import { type SimdTarget, multiplyAdd } from './target'

/** Below, e^x is no normal number any more; above, it is infinite. */
const LOWEST = -87.3
const HIGHEST = 88.7

/** Cephes expf: e^r = 1 + r + r² p(r) for |r| <= ln(2) / 2. */
const COEFFICIENTS = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1,
  5.0000001201e-1,
]

/** The locals that `exponential` works in. */
export interface ExponentialScratch {
  readonly power: Local
  readonly rest: Local
}

/** x := e^x in four lanes, relative error below 2e-7; x is clamped to -87.3..88.7, NaN stays NaN. */
export function exponential(
  target: SimdTarget,
  x: Local,
  { power, rest }: ExponentialScratch,
): Code {
  const c = f32x4.const
  const polynomial = COEFFICIENTS.slice(1).reduce<Code>(
    (sum, coefficient) => multiplyAdd(target, sum, rest.get, c(coefficient)),
    c(COEFFICIENTS[0] ?? 0),
  )
  return sequence(
    x.set(f32x4.pmax(f32x4.pmin(x.get, c(HIGHEST)), c(LOWEST))),
    power.set(f32x4.nearest(f32x4.mul(x.get, c(Math.LOG2E)))),
    rest.set(multiplyAdd(target, power.get, c(-0.693359375), x.get)),
    rest.set(multiplyAdd(target, power.get, c(2.1219444e-4), rest.get)),
    x.set(
      f32x4.add(multiplyAdd(target, f32x4.mul(rest.get, rest.get), polynomial, rest.get), c(1)),
    ),
    x.set(
      f32x4.mul(
        x.get,
        i32x4.shl(
          i32x4.add(i32x4.truncSatF32x4S(power.get), i32x4.splat(i32.const(127))),
          i32.const(23),
        ),
      ),
    ),
  )
}
