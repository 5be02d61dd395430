import type { SchedulerSpec } from '#core/spec/schedulers'
import { Chained } from './chained'
import { cosineAnnealingLR } from './cosine-annealing'
import { cyclicLR } from './cyclic'
import { exponentialLR, multiStepLR, polynomialLR, stepLR } from './decay'
import { lambdaLR, multiplicativeLR } from './lambda'
import { oneCycleLR } from './one-cycle'
import { Plateau } from './plateau'
import { RuleScheduler, type RateGroups, type RateRule, type Scheduler } from './scheduler'
import { Sequential } from './sequential'
import { swaLR } from './swa'
import { constantLR, linearLR } from './warm-up'
import { WarmRestarts } from './warm-restarts'

/** A scheduler at work on the groups, which its initial step may already change. totalSteps: batches of the whole run. */
export function createScheduler(
  spec: SchedulerSpec,
  groups: RateGroups,
  totalSteps: number,
): Scheduler {
  const withRule = (rule: RateRule) => new RuleScheduler(rule, groups)
  const create = (member: SchedulerSpec) => createScheduler(member, groups, totalSteps)
  switch (spec.type) {
    case 'LambdaLR':
      return withRule(lambdaLR(spec))
    case 'MultiplicativeLR':
      return withRule(multiplicativeLR(spec))
    case 'StepLR':
      return withRule(stepLR(spec))
    case 'MultiStepLR':
      return withRule(multiStepLR(spec))
    case 'ConstantLR':
      return withRule(constantLR(spec))
    case 'LinearLR':
      return withRule(linearLR(spec))
    case 'ExponentialLR':
      return withRule(exponentialLR(spec))
    case 'PolynomialLR':
      return withRule(polynomialLR(spec))
    case 'CosineAnnealingLR':
      return withRule(cosineAnnealingLR(spec))
    case 'CosineAnnealingWarmRestarts':
      return new WarmRestarts(spec, groups)
    case 'CyclicLR':
      return withRule(cyclicLR(spec))
    case 'OneCycleLR':
      return withRule(oneCycleLR(spec, spec.totalSteps ?? totalSteps))
    case 'SWALR':
      return withRule(swaLR(spec))
    case 'ReduceLROnPlateau':
      return new Plateau(spec, groups)
    case 'SequentialLR':
      return new Sequential(spec.schedulers.map(create), spec.milestones, groups)
    case 'ChainedScheduler':
      return new Chained(spec.schedulers.map(create))
  }
}
