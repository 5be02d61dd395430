import { logistic } from '../activations/sigmoid'
import type { LossTerm } from './elementwise-loss'

/** torch's lower bounds: of the logarithms, and of x (1 - x) in the derivative. */
const LOWEST_LOG = -100
const SMALLEST_SPREAD = 1e-12

/** -w_c (t log x + (1 - t) log(1 - x)) of a probability x, each logarithm at least -100. */
export function binaryCrossEntropy(weight: Float64Array | null): LossTerm {
  return {
    value: (x, t, c) =>
      -(weight?.[c] ?? 1) *
      (t * Math.max(Math.log(x), LOWEST_LOG) + (1 - t) * Math.max(Math.log1p(-x), LOWEST_LOG)),
    derivative: (x, t, c) =>
      ((weight?.[c] ?? 1) * (x - t)) / Math.max((1 - x) * x, SMALLEST_SPREAD),
  }
}

/** -w_c (p_c t log sigmoid(x) + (1 - t) log(1 - sigmoid(x))) of a logit x, where p_c weighs the positive class. */
export function binaryCrossEntropyWithLogits(
  weight: Float64Array | null,
  posWeight: Float64Array | null,
): LossTerm {
  return {
    value: (x, t, c) => {
      const positive = 1 + ((posWeight?.[c] ?? 1) - 1) * t
      const logSigmoidOfMinus = Math.log1p(Math.exp(-Math.abs(x))) + Math.max(-x, 0)
      return (weight?.[c] ?? 1) * ((1 - t) * x + positive * logSigmoidOfMinus)
    },
    derivative: (x, t, c) => {
      const positive = (posWeight?.[c] ?? 1) * t
      return (weight?.[c] ?? 1) * ((positive + 1 - t) * logistic(x) - positive)
    },
  }
}
