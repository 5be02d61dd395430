import type { ElementwiseActivation } from './elementwise'
import { logistic } from './sigmoid'

/** log(1 + e^(beta x)) / beta, and x itself where beta x > threshold. */
export function softplus(beta: number, threshold: number): ElementwiseActivation {
  return {
    forward: (x) => (beta * x > threshold ? x : Math.log1p(Math.exp(beta * x)) / beta),
    derivative: (x) => (beta * x > threshold ? 1 : logistic(beta * x)),
  }
}

const plain = softplus(1, 20)

/** x tanh(softplus(x)) */
export const mish: ElementwiseActivation = {
  forward: (x) => x * Math.tanh(plain.forward(x)),
  derivative: (x) => {
    const t = Math.tanh(plain.forward(x))
    return t + x * logistic(x) * (1 - t * t)
  },
}
