import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { RuleSlot, StepRule } from './update-rule'

export const MUON_SCALARS = [
  'fresh',
  'momentum',
  'nesterov',
  'a',
  'b',
  'c',
  'eps',
  'steps',
  'rate',
  'matchRmsAdamW',
  'shrink',
] as const
export type MuonScalar = (typeof MUON_SCALARS)[number]

export interface MuonRule extends StepRule {
  readonly slotsOf: () => readonly RuleSlot[]
  /** Of Newton and Schulz. */
  readonly steps: number
}

/** core/optim/muon.ts, for matrices. */
export function muonRule(spec: OptimizerSpecOf<'Muon'>): MuonRule {
  return {
    steps: spec.nsSteps,
    slotsOf: () => [{ name: 'momentum_buffer', initial: 0 }],
    scalars: MUON_SCALARS,
    scalarsAt: ({ lr, weightDecay, momentum }) => [
      1 - (momentum ?? spec.momentum),
      momentum ?? spec.momentum,
      Number(spec.nesterov),
      ...spec.nsCoefficients,
      spec.eps,
      spec.nsSteps,
      lr,
      Number(spec.adjustLrFn === 'match_rms_adamw'),
      1 - lr * weightDecay,
    ],
  }
}
