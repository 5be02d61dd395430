import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { RuleSlot, StepRule } from './update-rule'

export interface AdafactorRule extends StepRule {
  readonly slotsOf: (shape: readonly number[]) => readonly RuleSlot[]
}

const FLOAT32_EPSILON = 2 ** -23

/** core/optim/adafactor.ts: one number a row and one a column of a matrix, one an element of a vector. */
export function adafactorRule(spec: OptimizerSpecOf<'Adafactor'>): AdafactorRule {
  const eps = spec.eps[0] ?? FLOAT32_EPSILON
  return {
    slotsOf: ([rows, columns]) =>
      rows === undefined || columns === undefined
        ? [{ name: 'variance', initial: 0 }]
        : [
            { name: 'row_var', initial: 0, shape: [rows, 1] },
            { name: 'col_var', initial: 0, shape: [1, columns] },
          ],
    scalars: ['rate', 'fresh', 'eps', 'floor', 'leastRms', 'd', 'shrink'],
    scalarsAt: ({ lr, weightDecay, step }) => [
      Math.min(lr, 1 / Math.sqrt(step)) * (spec.maximize ? -1 : 1),
      step ** spec.beta2Decay,
      eps,
      eps * eps,
      spec.eps[1],
      spec.d,
      1 - lr * weightDecay,
    ],
  }
}
