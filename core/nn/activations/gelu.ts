import type { ElementwiseActivation } from './elementwise'
import { erf } from './erf'

/** x Phi(x), Phi the standard normal distribution function (Hendrycks & Gimpel 2016). */
export const gelu: ElementwiseActivation = {
  forward: (x) => x * normalCdf(x),
  derivative: (x) => normalCdf(x) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI),
}

function normalCdf(x: number): number {
  return 0.5 * (1 + erf(x * Math.SQRT1_2))
}

const BETA = Math.sqrt(2 / Math.PI)
const KAPPA = 0.044715

/** GELU with approximate='tanh': 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x³))). */
export const geluTanh: ElementwiseActivation = {
  forward: (x) => 0.5 * x * (1 + Math.tanh(BETA * (x + KAPPA * x * x * x))),
  derivative: (x) => {
    const t = Math.tanh(BETA * (x + KAPPA * x * x * x))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * BETA * (1 + 3 * KAPPA * x * x)
  },
}
