import { type Code, f32x4, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder } from '../wasm/module-builder'
import { exponential } from './exponential'
import { type SimdTarget, multiplyAdd } from './target'

/** Activations whose derivative follows from their output, so that the input need not be kept. */
export type FusedActivation =
  | { readonly type: 'ReLU' }
  | { readonly type: 'LeakyReLU'; readonly negativeSlope: number }
  | { readonly type: 'Sigmoid' }
  | { readonly type: 'Tanh' }

/** Code that makes four values of others. */
export type LaneCode = (value: Code) => Code

/** Code for `y = f(x)` in four lanes, with locals of `f`. */
export function forwardCode(
  f: FunctionBuilder,
  target: SimdTarget,
  activation: FusedActivation,
): LaneCode {
  switch (activation.type) {
    case 'ReLU':
      return relu
    case 'LeakyReLU':
      return leakyRelu(activation.negativeSlope)
    case 'Sigmoid':
      return sigmoid(f, target)
    case 'Tanh':
      return tanh(f, target)
  }
}

/** Code for dLoss/dx from dLoss/dy and y in four lanes. */
export function derivativeCode(activation: FusedActivation): (gradient: Code, y: Code) => Code {
  const one = f32x4.const(1)
  switch (activation.type) {
    case 'ReLU':
      return (gradient, y) => v128.and(gradient, f32x4.gt(y, f32x4.const(0)))
    case 'LeakyReLU': {
      const slope = f32x4.const(activation.negativeSlope)
      return (gradient, y) =>
        f32x4.mul(gradient, v128.bitselect(one, slope, f32x4.gt(y, f32x4.const(0))))
    }
    case 'Sigmoid':
      return (gradient, y) => f32x4.mul(gradient, f32x4.mul(y, f32x4.sub(one, y)))
    case 'Tanh':
      return (gradient, y) => f32x4.mul(gradient, f32x4.sub(one, f32x4.mul(y, y)))
  }
}

/** `x < 0 ? 0 : x`, so that NaN stays NaN. */
function relu(x: Code): Code {
  return f32x4.pmax(x, f32x4.const(0))
}

/** max(x, slope * x), for slopes from 0 to 1. */
function leakyRelu(slope: number): LaneCode {
  return (x) => f32x4.pmax(x, f32x4.mul(x, f32x4.const(slope)))
}

function sigmoid(f: FunctionBuilder, target: SimdTarget): LaneCode {
  const e = f.local('v128')
  const scratch = { power: f.local('v128'), rest: f.local('v128') }
  const one = f32x4.const(1)
  return (x) =>
    sequence(
      e.set(f32x4.neg(x)),
      exponential(target, e, scratch),
      f32x4.div(one, f32x4.add(one, e.get)),
    )
}

/** Cephes tanhf: an odd polynomial below 0.625, 1 - 2 / (e^2|x| + 1) with the sign of x above. */
function tanh(f: FunctionBuilder, target: SimdTarget): LaneCode {
  const value = f.local('v128')
  const square = f.local('v128')
  const small = f.local('v128')
  const e = f.local('v128')
  const scratch = { power: f.local('v128'), rest: f.local('v128') }
  const c = f32x4.const
  const polynomial = [
    2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1,
  ].reduce<Code>(
    (sum, coefficient) => multiplyAdd(target, sum, square.get, c(coefficient)),
    c(-5.70498872745e-3),
  )
  const sign = c(-0)
  return (x) =>
    sequence(
      value.set(x),
      square.set(f32x4.mul(value.get, value.get)),
      small.set(multiplyAdd(target, f32x4.mul(polynomial, square.get), value.get, value.get)),
      e.set(f32x4.abs(value.get)),
      e.set(f32x4.add(e.get, e.get)),
      exponential(target, e, scratch),
      e.set(f32x4.sub(c(1), f32x4.div(c(2), f32x4.add(e.get, c(1))))),
      v128.bitselect(
        small.get,
        v128.or(e.get, v128.and(value.get, sign)),
        f32x4.lt(f32x4.abs(value.get), c(0.625)),
      ),
    )
}
