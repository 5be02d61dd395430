import type { LossTerm } from './elementwise-loss'

/** (x - t)², without a half. */
export const squaredError: LossTerm = {
  value: (x, t) => (x - t) ** 2,
  derivative: (x, t) => 2 * (x - t),
}

/** |x - t|; derivative 0 at 0. */
export const absoluteError: LossTerm = {
  value: (x, t) => Math.abs(x - t),
  derivative: (x, t) => Math.sign(x - t),
}

/** d² / (2 beta) where |d| < beta, else |d| - beta / 2. With beta 0 the absolute error. */
export function smoothAbsoluteError(beta: number): LossTerm {
  return {
    value: (x, t) => {
      const d = Math.abs(x - t)
      return d < beta ? (0.5 * d * d) / beta : d - 0.5 * beta
    },
    derivative: (x, t) => {
      const d = x - t
      return Math.abs(d) < beta ? d / beta : Math.sign(d)
    },
  }
}

/** d² / 2 where |d| <= delta, else delta (|d| - delta / 2). */
export function huberError(delta: number): LossTerm {
  return {
    value: (x, t) => {
      const d = Math.abs(x - t)
      return d <= delta ? 0.5 * d * d : delta * (d - 0.5 * delta)
    },
    derivative: (x, t) => Math.min(Math.max(x - t, -delta), delta),
  }
}
