import type { SchedulerSpecOf } from '#core/spec/schedulers'
import { evaluateExpression } from './expression'
import type { RateRule } from './scheduler'

/** lr = base * f(e) */
export function lambdaLR({ lrLambda }: SchedulerSpecOf<'LambdaLR'>): RateRule {
  return {
    rates: ({ baseLrs, position }) =>
      baseLrs.map((base) => base * evaluateExpression(lrLambda, position)),
  }
}

/** lr *= f(e), from the first step after the start on */
export function multiplicativeLR({ lrLambda }: SchedulerSpecOf<'MultiplicativeLR'>): RateRule {
  return {
    rates: ({ groups, isInitial, position }) =>
      isInitial
        ? [...groups.lrs]
        : groups.lrs.map((lr) => lr * evaluateExpression(lrLambda, position)),
  }
}
