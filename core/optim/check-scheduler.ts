import type { SpecIssue } from '#core/spec/issue'
import { errorAt, warningAt } from '#core/spec/issue-at'
import type { RunSpec } from '#core/spec/run-spec'
import type { SchedulerSpec, SchedulerSpecOf } from '#core/spec/schedulers'
import { baseMomentumOf } from './momentum'
import { stepsPerEpochOf } from './run-length'

interface Placed {
  readonly path: string
  readonly scheduler: SchedulerSpec
}

/** Rules for the scheduler and, where it is a compound one, for those inside it. */
export function checkScheduler(spec: RunSpec): readonly SpecIssue[] {
  if (spec.scheduler === null) return []
  return placed(spec.scheduler, 'scheduler').flatMap((place) => checkOne(spec, place))
}

function placed(scheduler: SchedulerSpec, path: string): Placed[] {
  if (scheduler.type !== 'SequentialLR' && scheduler.type !== 'ChainedScheduler') {
    return [{ path, scheduler }]
  }
  return scheduler.schedulers.flatMap((member, i) => placed(member, `${path}.schedulers.${i}`))
}

function checkOne(spec: RunSpec, { path, scheduler }: Placed): SpecIssue[] {
  switch (scheduler.type) {
    case 'OneCycleLR':
      return [
        ...checkMomentum(spec, scheduler, path),
        ...checkOwnRates(spec, scheduler, path),
        ...checkTotalSteps(spec, scheduler, path),
      ]
    case 'CyclicLR':
      return [
        ...checkMomentum(spec, scheduler, path),
        ...checkOwnRates(spec, scheduler, path),
        ...checkRange(scheduler, path),
      ]
    case 'ReduceLROnPlateau':
      return checkMonitor(spec, scheduler, path)
    case 'CosineAnnealingLR':
      return path === 'scheduler' ? checkRise(spec, scheduler, path) : []
    case 'LambdaLR':
    case 'MultiplicativeLR':
    case 'StepLR':
    case 'MultiStepLR':
    case 'ConstantLR':
    case 'LinearLR':
    case 'ExponentialLR':
    case 'PolynomialLR':
    case 'CosineAnnealingWarmRestarts':
    case 'SWALR':
    case 'SequentialLR':
    case 'ChainedScheduler':
      return []
  }
}

type Cycling = SchedulerSpecOf<'OneCycleLR'> | SchedulerSpecOf<'CyclicLR'>

/** torch raises an error without momentum or betas; with momentum 0 it quietly switches momentum on. */
function checkMomentum({ optimizer }: RunSpec, { type, cycleMomentum }: Cycling, path: string) {
  if (!cycleMomentum) return []
  const field = `${path}.cycleMomentum`
  const off = { kind: 'set', path: field, value: false } as const
  const momentum = baseMomentumOf(optimizer)
  if (momentum === null) {
    const values = { scheduler: type, optimizer: optimizer.type }
    return [errorAt(field, 'noMomentum', values, off)]
  }
  if (momentum === 0 && 'momentum' in optimizer) {
    return [warningAt(field, 'momentumFromZero', { scheduler: type }, off)]
  }
  return []
}

function checkOwnRates({ optimizer }: RunSpec, { type }: Cycling, path: string): SpecIssue[] {
  const index = optimizer.paramGroups.findIndex((group) => group.lr !== undefined)
  if (index === -1) return []
  return [warningAt(`${path}.maxLr`, 'ownRates', { scheduler: type, index })]
}

/** torch raises an error at the step after totalSteps, and divides by zero where the rise takes exactly one step. */
function checkTotalSteps(
  spec: RunSpec,
  scheduler: SchedulerSpecOf<'OneCycleLR'>,
  path: string,
): SpecIssue[] {
  const run = spec.training.epochs * stepsPerEpochOf(spec)
  const total = scheduler.totalSteps ?? run
  const field = `${path}.totalSteps`
  const whole = { kind: 'set', path: field, value: null } as const
  const issues: SpecIssue[] = []
  if (total < run) issues.push(errorAt(field, 'cycleTooShort', { total, run }, whole))
  else if (total > run) issues.push(warningAt(field, 'cycleTooLong', { total, run }, whole))
  if (scheduler.pctStart * total === 1)
    issues.push(errorAt(`${path}.pctStart`, 'riseOfOneStep', { total }))
  return issues
}

function checkRange({ baseLr, maxLr }: SchedulerSpecOf<'CyclicLR'>, path: string): SpecIssue[] {
  if (baseLr <= maxLr) return []
  return [warningAt(`${path}.maxLr`, 'cycleDownFirst', { baseLr })]
}

function checkMonitor(
  { dataset }: RunSpec,
  { monitor, mode }: SchedulerSpecOf<'ReduceLROnPlateau'>,
  path: string,
): SpecIssue[] {
  const issues: SpecIssue[] = []
  if (monitor !== 'trainLoss' && dataset.valSize === 0) {
    const field = `${path}.monitor`
    const fix = { kind: 'set', path: field, value: 'trainLoss' } as const
    issues.push(errorAt(field, 'noMonitor', { monitor }, fix))
  }
  const wanted = monitor === 'valAccuracy' ? 'max' : 'min'
  if (mode !== wanted) {
    const field = `${path}.mode`
    const kind = mode === 'min' ? 'fallingIsBetter' : 'risingIsBetter'
    issues.push(warningAt(field, kind, { monitor }, { kind: 'set', path: field, value: wanted }))
  }
  return issues
}

function checkRise(
  { training }: RunSpec,
  { tMax }: SchedulerSpecOf<'CosineAnnealingLR'>,
  path: string,
) {
  if (tMax >= training.epochs) return []
  const field = `${path}.tMax`
  const values = { tMax, epochs: training.epochs }
  return [
    warningAt(field, 'cosineRises', values, { kind: 'set', path: field, value: training.epochs }),
  ]
}
