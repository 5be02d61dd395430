import type { ElementwiseActivation } from './elementwise'

export const tanh: ElementwiseActivation = {
  forward: Math.tanh,
  derivative: (_, y) => 1 - y * y,
}

/** x - tanh(x) */
export const tanhshrink: ElementwiseActivation = {
  forward: (x) => x - Math.tanh(x),
  derivative: (x) => Math.tanh(x) ** 2,
}

/** x / (1 + |x|) */
export const softsign: ElementwiseActivation = {
  forward: (x) => x / (1 + Math.abs(x)),
  derivative: (x) => 1 / (1 + Math.abs(x)) ** 2,
}
