import type { ElementwiseActivation } from './elementwise'

/** 1 / (1 + e^-x) */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

export const sigmoid: ElementwiseActivation = {
  forward: logistic,
  derivative: (_, y) => y * (1 - y),
}

/** log(sigmoid(x)), exact far from zero too. */
export const logSigmoid: ElementwiseActivation = {
  forward: (x) => Math.min(0, x) - Math.log1p(Math.exp(-Math.abs(x))),
  derivative: (x) => {
    const z = Math.exp(-Math.abs(x))
    return x < 0 ? 1 - z / (1 + z) : z / (1 + z)
  },
}

/** x sigmoid(x), also called swish. */
export const silu: ElementwiseActivation = {
  forward: (x) => x * logistic(x),
  derivative: (x) => {
    const s = logistic(x)
    return s * (1 + x * (1 - s))
  },
}

/** torch keeps this constant in float32 even when it computes in float64. */
const ONE_SIXTH = Math.fround(1 / 6)

/** min(max(x + 3, 0), 6) / 6; derivative 0 at -3 and at 3. */
export const hardsigmoid: ElementwiseActivation = {
  forward: (x) => clip06(x + 3) / 6,
  derivative: (x) => (x > -3 && x < 3 ? ONE_SIXTH : 0),
}

/** x hardsigmoid(x); derivative 0 at -3, 1 at 3. */
export const hardswish: ElementwiseActivation = {
  forward: (x) => (x * clip06(x + 3)) / 6,
  derivative: (x) => (x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
}

function clip06(x: number): number {
  return x < 0 ? 0 : x > 6 ? 6 : x
}
