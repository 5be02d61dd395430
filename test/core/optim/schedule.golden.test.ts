import { describe, expect, it } from 'vitest'
import { baseMomentumOf } from '#core/optim/momentum'
import { createSchedule, type Schedule } from '#core/optim/schedule'
import { optimizerSchema, type OptimizerSpec } from '#core/spec/optimizers'
import { intervalOf, schedulerSchema, type SchedulerSpec } from '#core/spec/schedulers'
import own from '../../golden/optim-schedules.json'
import golden from '../../golden/schedulers.json'

interface Trace {
  readonly lrs: number[][]
  readonly momenta: (number | null)[]
}

const sgd = optimizerSchema.parse({ type: 'SGD', lr: 0.1, momentum: 0.9 })

const cyclic = { type: 'CyclicLR', baseLr: 0.001, maxLr: 0.1, stepSizeUp: 5, gamma: 0.98 }
/** The entries named OneCycleLR(.1,40) were made with 41 steps, as long as each list is. */
const named: Record<keyof typeof golden.schedulers, Record<string, unknown>> = {
  'StepLR(step_size=10)': { type: 'StepLR', stepSize: 10 },
  'MultiStepLR([5,12,20],gamma=.5)': {
    type: 'MultiStepLR',
    milestones: [5, 12, 20],
    gamma: 0.5,
  },
  'ExponentialLR(.9)': { type: 'ExponentialLR', gamma: 0.9 },
  'ConstantLR()': { type: 'ConstantLR' },
  'LinearLR()': { type: 'LinearLR' },
  'PolynomialLR(20,power=2)': { type: 'PolynomialLR', totalIters: 20, power: 2 },
  'CosineAnnealingLR(T_max=10,eta_min=.001)': {
    type: 'CosineAnnealingLR',
    tMax: 10,
    etaMin: 0.001,
  },
  'CosineAnnealingWarmRestarts(5,2)': {
    type: 'CosineAnnealingWarmRestarts',
    t0: 5,
    tMult: 2,
  },
  'CyclicLR(.001,.1,up=5,triangular,gamma=.98)': { ...cyclic, mode: 'triangular' },
  'CyclicLR(.001,.1,up=5,triangular2,gamma=.98)': { ...cyclic, mode: 'triangular2' },
  'CyclicLR(.001,.1,up=5,exp_range,gamma=.98)': { ...cyclic, mode: 'exp_range' },
  'OneCycleLR(.1,40)': { type: 'OneCycleLR', maxLr: 0.1, totalSteps: 41 },
  'OneCycleLR(.1,40,linear,three_phase)': {
    type: 'OneCycleLR',
    maxLr: 0.1,
    totalSteps: 41,
    annealStrategy: 'linear',
    threePhase: true,
  },
  'LambdaLR(.95^e)': { type: 'LambdaLR', lrLambda: { kind: 'power', base: 0.95 } },
  'MultiplicativeLR(.95)': {
    type: 'MultiplicativeLR',
    lrLambda: { kind: 'constant', value: 0.95 },
  },
  'SequentialLR(Constant .1 x2, Exp .9; [2])': {
    type: 'SequentialLR',
    schedulers: [
      { type: 'ConstantLR', factor: 0.1, totalIters: 2 },
      { type: 'ExponentialLR', gamma: 0.9 },
    ],
    milestones: [2],
  },
  'ReduceLROnPlateau(patience=2,cooldown=1)': {
    type: 'ReduceLROnPlateau',
    patience: 2,
    cooldown: 1,
  },
}

describe('the schedules of golden/schedulers.json', () => {
  it.each(Object.entries(golden.schedulers))('%s follows torch', (name, expected) => {
    const spec = parse(named[name as keyof typeof named])
    const length = 41
    const metrics = 'metrics' in expected ? [...expected.metrics, 0] : []
    const trace = play(spec, sgd, [0.1], length, metrics)
    expectClose(trace.lrs.flat(), expected.lr)
    if ('momentum' in expected) expectClose(trace.momenta, expected.momentum)
    else expect(new Set(trace.momenta)).toEqual(new Set([null]))
  })
})

const cases = own.numbers.map((entry) => ({
  ...entry,
  metrics: 'metrics' in entry ? entry.metrics : [],
  name: JSON.stringify(entry.spec),
}))

describe('the schedules of golden/optim-schedules.json, with two groups', () => {
  it.each(cases)('$name follows torch', ({ spec: input, optimizer, lrs, momenta, metrics }) => {
    const spec = parse(input)
    const trace = play(spec, optimizerSchema.parse(optimizer), [0.1, 0.03], lrs.length, metrics)
    expectClose(trace.lrs.flat(), lrs.flat())
    const constant = baseMomentumOf(optimizerSchema.parse(optimizer))
    expectClose(
      trace.momenta.map((momentum) => momentum ?? constant),
      momenta,
    )
  })
})

function parse(input: unknown): SchedulerSpec {
  const spec = schedulerSchema.parse(input)
  if (spec === null) throw new TypeError('expected a scheduler')
  return spec
}

function play(
  spec: SchedulerSpec,
  optimizer: OptimizerSpec,
  baseLrs: readonly number[],
  length: number,
  metrics: readonly number[],
): Trace {
  const perBatch = intervalOf(spec) === 'batch'
  const schedule: Schedule = createSchedule(spec, {
    baseLrs,
    baseMomentum: baseMomentumOf(optimizer),
    epochs: perBatch ? 1 : length,
    stepsPerEpoch: perBatch ? length : 1,
  })
  const trace: Trace = { lrs: [], momenta: [] }
  for (let i = 0; i < length; i++) {
    const { lrs, momentum } = schedule.rates()
    trace.lrs.push([...lrs])
    trace.momenta.push(momentum)
    schedule.onBatch()
    if (!perBatch) schedule.onEpoch(metrics[i])
  }
  return trace
}

function expectClose(found: readonly (number | null)[], expected: readonly (number | null)[]) {
  const worst = found.map((value, i) => {
    const other = expected[i]
    if (value === null || other === null || other === undefined) return value === other ? 0 : NaN
    return Math.abs(value - other)
  })
  expect(found).toHaveLength(expected.length)
  expect(Math.max(...worst)).toBeLessThan(1e-15)
}
