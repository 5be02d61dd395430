import type { LossTerm } from './elementwise-loss'

/**
 * Kullback-Leibler divergence of a log-probability x from a probability t: t (log t - x), 0 where t is 0. With
 * `logTarget` t is a log-probability too.
 */
export function klDivergence(logTarget: boolean): LossTerm {
  return logTarget
    ? {
        value: (x, t) => Math.exp(t) * (t - x),
        derivative: (_, t) => -Math.exp(t),
      }
    : {
        value: (x, t) => (t > 0 ? t * Math.log(t) : 0) - t * x,
        derivative: (_, t) => -t,
      }
}

/** Half of log v + (x - t)² / v for one constant variance v >= eps; `full` adds log(2 pi) / 2. */
export function gaussianNll(variance: number, full: boolean, eps: number): LossTerm {
  const v = Math.max(variance, eps)
  const constant = 0.5 * Math.log(v) + (full ? 0.5 * Math.log(2 * Math.PI) : 0)
  return {
    value: (x, t) => constant + (0.5 * (x - t) ** 2) / v,
    derivative: (x, t) => (x - t) / v,
  }
}

/**
 * Poisson: e^x - t x for a log-rate x, x - t log(x + eps) for a rate x. `full` adds Stirling's approximation of
 * log(t!) where t > 1.
 */
export function poissonNll(logInput: boolean, full: boolean, eps: number): LossTerm {
  const stirling = (t: number): number =>
    full && t > 1 ? t * Math.log(t) - t + 0.5 * Math.log(2 * Math.PI * t) : 0
  return logInput
    ? {
        value: (x, t) => Math.exp(x) - t * x + stirling(t),
        derivative: (x, t) => Math.exp(x) - t,
      }
    : {
        value: (x, t) => x - t * Math.log(x + eps) + stirling(t),
        derivative: (x, t) => 1 - t / (x + eps),
      }
}
