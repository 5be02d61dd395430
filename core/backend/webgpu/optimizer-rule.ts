import type { OptimizerSpec } from '#core/spec/optimizers'
import { DeviceError } from './device-error'
import { type AdafactorRule, adafactorRule } from './wgsl/adafactor-rule'
import { type MuonRule, muonRule } from './wgsl/muon-rule'
import type { RuleSlot, UpdateRule } from './wgsl/update-rule'
import { updateRule } from './wgsl/update-rules'

/** What an optimizer does to a parameter: element by element, or with sums over all of it. */
export type OptimizerRule =
  | { readonly kind: 'elements'; readonly rule: UpdateRule }
  | { readonly kind: 'Adafactor'; readonly rule: AdafactorRule }
  | { readonly kind: 'Muon'; readonly rule: MuonRule }

/** `momentum`: what a scheduler puts in the place of momentum at the first step. `name`: of functions, where the rule has any. */
export function optimizerRule(
  spec: OptimizerSpec,
  momentum: number | null,
  name: string,
): OptimizerRule {
  switch (spec.type) {
    case 'Adafactor':
      return { kind: 'Adafactor', rule: adafactorRule(spec) }
    case 'Muon':
      return { kind: 'Muon', rule: muonRule(spec) }
    case 'LBFGS':
      throw new DeviceError(`there is no kernel for ${spec.type}`)
    case 'SGD':
    case 'Adam':
    case 'AdamW':
    case 'NAdam':
    case 'RAdam':
    case 'Adamax':
    case 'Adagrad':
    case 'Adadelta':
    case 'RMSprop':
    case 'Rprop':
    case 'ASGD':
    case 'Lion':
      return { kind: 'elements', rule: updateRule(spec, momentum, name) }
  }
}

/** Rules with the same text share kernels. */
export function textOf({ kind, rule }: OptimizerRule): string {
  return kind === 'elements' ? rule.code : kind
}

/** What is kept of a parameter of this shape; without a shape of its own, a slot has the parameter's. */
export function slotsOf(
  { kind, rule }: OptimizerRule,
  shape: readonly number[],
): readonly RuleSlot[] {
  return kind === 'elements' ? rule.slots : rule.slotsOf(shape)
}
