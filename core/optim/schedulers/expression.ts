import type { LrExpression } from '#core/spec/schedulers'

/** The factor of LambdaLR and MultiplicativeLR at position e >= 0; the formulas stand in spec/schedulers.ts. */
export function evaluateExpression(expression: LrExpression, e: number): number {
  switch (expression.kind) {
    case 'constant':
      return expression.value
    case 'power':
      return expression.base ** e
    case 'inverse':
      return 1 / (1 + expression.decay * e)
    case 'inverseSqrt':
      return e < expression.warmup
        ? (e + 1) / expression.warmup
        : Math.sqrt(expression.warmup / (e + 1))
    case 'linearWarmup':
      return Math.min(1, (e + 1) / expression.steps)
    case 'linearDecay':
      return 1 + (expression.end - 1) * Math.min(1, e / expression.steps)
    case 'cosine':
      return cosine(expression.end, e / expression.steps)
    case 'warmupCosine': {
      const { warmup, steps, end } = expression
      return e < warmup ? (e + 1) / warmup : cosine(end, (e - warmup) / (steps - warmup))
    }
    case 'step':
      return expression.factor ** Math.floor(e / expression.every)
  }
}

/** From 1 to end while progress goes from 0 to 1, then end. */
function cosine(end: number, progress: number): number {
  return end + ((1 - end) * (1 + Math.cos(Math.PI * Math.min(1, progress)))) / 2
}
