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
    const sentence = `${type} moves momentum, and ${optimizer.type} has neither momentum nor betas: switch cycleMomentum off, or choose another optimizer`
    return [errorAt(field, sentence, off)]
  }
  if (momentum === 0 && 'momentum' in optimizer) {
    const sentence = `${type} trains with momentum, though optimizer.momentum is 0: switch cycleMomentum off to train without`
    return [warningAt(field, sentence, off)]
  }
  return []
}

function checkOwnRates({ optimizer }: RunSpec, { type }: Cycling, path: string): SpecIssue[] {
  const index = optimizer.paramGroups.findIndex((group) => group.lr !== undefined)
  if (index === -1) return []
  const sentence = `${type} gives all parameters the same rate, so the rate of optimizer.paramGroups.${index} is not used`
  return [warningAt(`${path}.maxLr`, sentence)]
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
  if (total < run) {
    issues.push(
      errorAt(
        field,
        `the cycle has ${total} steps, the run takes ${run}: leave it empty to fit the run`,
        whole,
      ),
    )
  } else if (total > run) {
    issues.push(
      warningAt(
        field,
        `the cycle has ${total} steps and the run ends after ${run}, before the rate has come down: leave it empty to fit the run`,
        whole,
      ),
    )
  }
  if (scheduler.pctStart * total === 1) {
    issues.push(
      errorAt(
        `${path}.pctStart`,
        `with ${total} steps the rise takes exactly one, where torch divides by zero: choose a larger value`,
      ),
    )
  }
  return issues
}

function checkRange({ baseLr, maxLr }: SchedulerSpecOf<'CyclicLR'>, path: string): SpecIssue[] {
  if (baseLr <= maxLr) return []
  return [
    warningAt(
      `${path}.maxLr`,
      `is smaller than baseLr (${baseLr}), so every cycle goes down first`,
    ),
  ]
}

function checkMonitor(
  { dataset }: RunSpec,
  { monitor, mode }: SchedulerSpecOf<'ReduceLROnPlateau'>,
  path: string,
): SpecIssue[] {
  const issues: SpecIssue[] = []
  if (monitor !== 'trainLoss' && dataset.valSize === 0) {
    const field = `${path}.monitor`
    const sentence = `there is no ${monitor} without validation images: set dataset.valSize, or watch trainLoss`
    issues.push(errorAt(field, sentence, { kind: 'set', path: field, value: 'trainLoss' }))
  }
  const wanted = monitor === 'valAccuracy' ? 'max' : 'min'
  if (mode !== wanted) {
    const field = `${path}.mode`
    const sentence = `takes a ${mode === 'min' ? 'falling' : 'rising'} ${monitor} for an improvement: "${wanted}" is meant`
    issues.push(warningAt(field, sentence, { kind: 'set', path: field, value: wanted }))
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
  const sentence = `the rate rises again after ${tMax} of ${training.epochs} epochs, as torch has it: set tMax to the number of epochs for one fall`
  return [warningAt(field, sentence, { kind: 'set', path: field, value: training.epochs })]
}
