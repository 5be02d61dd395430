import type { ElementwiseActivation } from './elementwise'

/** x above 0, alpha (e^x - 1) elsewhere; derivative alpha at 0. */
export function elu(alpha: number): ElementwiseActivation {
  return scaledElu(alpha, 1)
}

/** max(0, x) + min(0, alpha (e^(x/alpha) - 1)); derivative 1 at 0. */
export function celu(alpha: number): ElementwiseActivation {
  return {
    forward: (x) => (x > 0 ? x : alpha * Math.expm1(x / alpha)),
    derivative: (x) => (x > 0 ? 1 : Math.exp(x / alpha)),
  }
}

/** Constants of Klambauer et al. 2017, with which mean 0 and variance 1 are a fixed point. */
export const SELU_ALPHA = 1.6732632423543772
export const SELU_SCALE = 1.0507009873554805

/** scale * ELU(alpha); derivative scale * alpha = 1.758099 at 0. */
export const selu: ElementwiseActivation = scaledElu(SELU_ALPHA, SELU_SCALE)

function scaledElu(alpha: number, scale: number): ElementwiseActivation {
  return {
    forward: (x) => (x > 0 ? scale * x : scale * alpha * Math.expm1(x)),
    derivative: (x) => (x > 0 ? scale : scale * alpha * Math.exp(x)),
  }
}
