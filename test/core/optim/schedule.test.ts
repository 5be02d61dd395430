import { describe, expect, it } from 'vitest'
import {
  createSchedule,
  monitorOf,
  type Schedule,
  type ScheduleContext,
} from '#core/optim/schedule'
import { preview } from '#core/optim/schedule-preview'
import { evaluateExpression } from '#core/optim/schedulers/expression'
import { OptimStateError } from '#core/optim/state'
import {
  schedulerSchema,
  schedulerTypes,
  type SchedulerSpec,
  type SchedulerType,
} from '#core/spec/schedulers'

const context: ScheduleContext = {
  baseLrs: [0.1, 0.02],
  baseMomentum: 0.9,
  epochs: 6,
  stepsPerEpoch: 5,
}

const inputs: Record<SchedulerType, Record<string, unknown>> = {
  LambdaLR: { lrLambda: { kind: 'power', base: 0.9 } },
  MultiplicativeLR: { lrLambda: { kind: 'constant', value: 0.9 } },
  StepLR: { stepSize: 2 },
  MultiStepLR: { milestones: [2, 4] },
  ConstantLR: { totalIters: 3 },
  LinearLR: { totalIters: 4 },
  ExponentialLR: { gamma: 0.8 },
  PolynomialLR: {},
  CosineAnnealingLR: { tMax: 3 },
  CosineAnnealingWarmRestarts: { t0: 2, tMult: 2 },
  CyclicLR: { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 4 },
  OneCycleLR: { maxLr: 0.1 },
  SWALR: { swaLr: 0.05, annealEpochs: 4 },
  ReduceLROnPlateau: { patience: 0 },
  SequentialLR: {
    schedulers: [
      { type: 'ConstantLR', totalIters: 2 },
      { type: 'CosineAnnealingWarmRestarts', t0: 2 },
    ],
    milestones: [2],
  },
  ChainedScheduler: {
    schedulers: [{ type: 'LinearLR' }, { type: 'ExponentialLR', gamma: 0.9 }],
  },
}

const specs = schedulerTypes.map((type) => parse({ type, ...inputs[type] }))

describe.each(specs)('a schedule with $type', (spec) => {
  it('goes on from its state, written as JSON, as if it had never stopped', () => {
    const averaging = {
      type: 'SWA',
      startEpoch: 4,
      swaLr: 0.3,
      annealEpochs: 3,
      annealStrategy: 'cos',
    } as const
    for (const interrupted of [0, 7, 15, 23, 29]) {
      const whole = createSchedule(spec, { ...context, averaging })
      advance(whole, 0, interrupted)
      const resumed = createSchedule(spec, { ...context, averaging })
      resumed.importState(JSON.parse(JSON.stringify(whole.exportState())))
      expect(advance(resumed, interrupted, 30)).toEqual(advance(whole, interrupted, 30))
    }
  })

  it('has a preview that is its course', () => {
    const whole = createSchedule(spec, context)
    const course = advance(whole, 0, 30, () => undefined)
    const curve = preview(spec, context, 1000)
    expect(curve.map(({ step }) => step)).toEqual(course.map((_, step) => step))
    if (spec.type === 'ReduceLROnPlateau') expect(curve.at(-1)?.lrs).toEqual([0.1, 0.02])
    else expect(curve.map(({ lrs, momentum }) => ({ lrs, momentum }))).toEqual(course)
  })
})

describe('a schedule', () => {
  it('without scheduler keeps the rates', () => {
    const schedule = createSchedule(null, context)
    expect(new Set(advance(schedule, 0, 30).map(({ lrs }) => lrs.join()))).toEqual(
      new Set(['0.1,0.02']),
    )
    expect(schedule.rates().momentum).toBe(null)
  })

  it('moves per batch with OneCycleLR and per epoch with the others', () => {
    const changes = specs.map((spec) => {
      const course = advance(createSchedule(spec, context), 0, 30)
      const within = course.filter(
        ({ lrs }, i) => i % 5 !== 0 && lrs.join() !== course[i - 1]?.lrs.join(),
      )
      return [spec.type, within.length > 0]
    })
    const perBatch = changes.filter(([, moves]) => moves).map(([type]) => type)
    expect(perBatch).toEqual(['CyclicLR', 'OneCycleLR'])
  })

  it('ends OneCycleLR with the run, and stays there if the run goes on', () => {
    const schedule = createSchedule(parse({ type: 'OneCycleLR', maxLr: 0.1 }), context)
    const course = advance(schedule, 0, 40)
    expect(course[29]?.lrs[0]).toBeCloseTo(0.1 / 25 / 1e4, 15)
    expect(course[39]).toEqual(course[31])
  })

  it('lets SWALR take over after the first epochs of SWA', () => {
    const averaging = {
      type: 'SWA',
      startEpoch: 2,
      swaLr: 0.5,
      annealEpochs: 2,
      annealStrategy: 'linear',
    } as const
    const schedule = createSchedule(parse({ type: 'StepLR', stepSize: 1, gamma: 0.5 }), {
      ...context,
      baseLrs: [0.4],
      averaging,
    })
    const rates = advance(schedule, 0, 30).filter((_, i) => i % 5 === 0)
    const expected = [0.4, 0.2, 0.1, 0.3, 0.5, 0.5]
    rates.forEach(({ lrs }, epoch) => {
      expect(lrs[0]).toBeCloseTo(expected[epoch] ?? NaN, 14)
    })
  })

  it('does not move momentum that the optimizer does not have', () => {
    const schedule = createSchedule(parse({ type: 'OneCycleLR', maxLr: 0.1 }), {
      ...context,
      baseMomentum: null,
    })
    expect(advance(schedule, 0, 30).every(({ momentum }) => momentum === null)).toBe(true)
  })

  it('says which metric it needs, and misses it', () => {
    const plateau = parse({ type: 'ReduceLROnPlateau', monitor: 'valAccuracy', mode: 'max' })
    expect(monitorOf(plateau)).toBe('valAccuracy')
    expect(monitorOf(parse({ type: 'StepLR', stepSize: 1 }))).toBe(null)
    expect(() => {
      createSchedule(plateau, context).onEpoch()
    }).toThrow('needs valAccuracy')
  })

  it('refuses the state of another schedule and changes nothing', () => {
    const schedule = createSchedule(parse({ type: 'StepLR', stepSize: 2 }), context)
    const before = schedule.exportState()
    const others = [
      createSchedule(null, context),
      createSchedule(parse({ type: 'CosineAnnealingWarmRestarts', t0: 2 }), context),
      createSchedule(parse({ type: 'StepLR', stepSize: 2 }), { ...context, baseLrs: [0.1] }),
    ].map((other) => other.exportState())
    for (const state of [...others, null, 'state', {}]) {
      expect(() => {
        schedule.importState(state)
      }).toThrow(OptimStateError)
    }
    expect(schedule.exportState()).toEqual(before)
  })
})

describe('preview', () => {
  it('keeps to the number of points, the first and the last step among them', () => {
    for (const points of [1, 2, 7, 29, 30, 31]) {
      const steps = preview(parse({ type: 'OneCycleLR', maxLr: 0.1 }), context, points).map(
        ({ step }) => step,
      )
      expect(steps).toHaveLength(Math.min(points, 30))
      expect(steps[0]).toBe(0)
      if (points > 1) expect(steps.at(-1)).toBe(29)
    }
  })

  it('of a run without steps is empty', () => {
    expect(preview(null, { ...context, stepsPerEpoch: 0 }, 10)).toEqual([])
  })
})

describe('the expressions of LambdaLR', () => {
  it.each([
    [{ kind: 'constant', value: 0.3 }, [0.3, 0.3, 0.3, 0.3, 0.3]],
    [{ kind: 'power', base: 0.5 }, [1, 0.5, 0.25, 0.125, 0.0625]],
    [{ kind: 'inverse', decay: 1 }, [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5]],
    [
      { kind: 'inverseSqrt', warmup: 2 },
      [0.5, 1, Math.sqrt(2 / 3), Math.sqrt(2 / 4), Math.sqrt(2 / 5)],
    ],
    [{ kind: 'linearWarmup', steps: 4 }, [0.25, 0.5, 0.75, 1, 1]],
    [{ kind: 'linearDecay', steps: 2, end: 0.2 }, [1, 0.6, 0.2, 0.2, 0.2]],
    [{ kind: 'cosine', steps: 2, end: 0 }, [1, 0.5, 0, 0, 0]],
    [{ kind: 'warmupCosine', warmup: 2, steps: 4, end: 0.5 }, [0.5, 1, 1, 0.75, 0.5]],
    [{ kind: 'step', every: 2, factor: 0.1 }, [1, 1, 0.1, 0.1, 0.01]],
  ] as const)('$kind', (expression, values) => {
    values.forEach((value, e) => {
      expect(evaluateExpression(expression, e)).toBeCloseTo(value, 14)
    })
  })
})

function parse(input: unknown): SchedulerSpec {
  const spec = schedulerSchema.parse(input)
  if (spec === null) throw new TypeError('expected a scheduler')
  return spec
}

/** Takes the steps from ... to - 1 and returns the rates of each. */
function advance(
  schedule: Schedule,
  from: number,
  to: number,
  metric = (epoch: number): number | undefined => Math.sin(epoch),
) {
  return Array.from({ length: to - from }, (_, i) => {
    const step = from + i
    const rates = schedule.rates()
    schedule.onBatch()
    if (step % 5 === 4) schedule.onEpoch(metric(step) ?? -step)
    return rates
  })
}
