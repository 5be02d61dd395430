import { describe, expect, it } from 'vitest'
import { intervalOf, schedulerSchema, schedulerTypes } from '#core/spec/schedulers'

const step = { type: 'StepLR', stepSize: 3 }
const one = { type: 'OneCycleLR', maxLr: 0.1 }

describe('the schedulers', () => {
  it('are the fifteen of torch.optim.lr_scheduler and SWALR', () => {
    expect([...schedulerTypes].sort()).toEqual(
      [
        'LambdaLR',
        'MultiplicativeLR',
        'StepLR',
        'MultiStepLR',
        'ConstantLR',
        'LinearLR',
        'ExponentialLR',
        'PolynomialLR',
        'CosineAnnealingLR',
        'CosineAnnealingWarmRestarts',
        'CyclicLR',
        'OneCycleLR',
        'ReduceLROnPlateau',
        'SequentialLR',
        'ChainedScheduler',
        'SWALR',
      ].sort(),
    )
  })

  it('may be none', () => {
    expect(schedulerSchema.parse(null)).toBe(null)
  })

  it.each([
    [{ type: 'ConstantLR' }, { factor: 1 / 3, totalIters: 5 }],
    [{ type: 'LinearLR' }, { startFactor: 1 / 3, endFactor: 1, totalIters: 5 }],
    [{ type: 'PolynomialLR' }, { totalIters: 5, power: 1 }],
    [{ type: 'CosineAnnealingLR', tMax: 9 }, { etaMin: 0 }],
    [
      { type: 'CosineAnnealingWarmRestarts', t0: 9 },
      { tMult: 1, etaMin: 0 },
    ],
    [
      { type: 'CyclicLR', baseLr: 0, maxLr: 1 },
      {
        stepSizeUp: 2000,
        stepSizeDown: null,
        mode: 'triangular',
        gamma: 1,
        cycleMomentum: true,
        baseMomentum: 0.8,
        maxMomentum: 0.9,
      },
    ],
    [
      one,
      {
        totalSteps: null,
        pctStart: 0.3,
        annealStrategy: 'cos',
        cycleMomentum: true,
        baseMomentum: 0.85,
        maxMomentum: 0.95,
        divFactor: 25,
        finalDivFactor: 1e4,
        threePhase: false,
      },
    ],
    [
      { type: 'ReduceLROnPlateau' },
      {
        mode: 'min',
        factor: 0.1,
        patience: 10,
        threshold: 1e-4,
        thresholdMode: 'rel',
        cooldown: 0,
        minLr: 0,
        eps: 1e-8,
      },
    ],
    [
      { type: 'SWALR', swaLr: 0.1 },
      { annealEpochs: 10, annealStrategy: 'cos' },
    ],
  ])('%j takes the defaults of torch', (input, defaults) => {
    expect(schedulerSchema.parse(input)).toMatchObject(defaults)
  })

  it('step per batch where one is CyclicLR or OneCycleLR, else per epoch', () => {
    const nested = {
      type: 'ChainedScheduler',
      schedulers: [{ type: 'SequentialLR', schedulers: [one], milestones: [] }],
    }
    const intervals = [
      step,
      one,
      nested,
      { type: 'ChainedScheduler', schedulers: [step, step] },
    ].map((input) => intervalOf(schedulerSchema.parse(input) ?? step))
    expect(intervals).toEqual(['epoch', 'batch', 'batch', 'epoch'])
  })
})

describe('a scheduler that makes no sense is refused', () => {
  const sequential = (schedulers: unknown[], milestones: number[]) => ({
    type: 'SequentialLR',
    schedulers,
    milestones,
  })

  it.each([
    [{ type: 'StepLR', stepSize: 0 }, 'stepSize', 'must be a whole number >= 1'],
    [{ type: 'StepLR', stepSize: 2.5 }, 'stepSize', 'must be a whole number >= 1'],
    [{ type: 'MultiStepLR', milestones: [5, 3] }, 'milestones', 'ascending'],
    [{ type: 'ConstantLR', factor: 0 }, 'factor', 'must be a number > 0 and <= 1'],
    [{ type: 'LinearLR', startFactor: 2 }, 'startFactor', 'must be a number > 0 and <= 1'],
    [{ type: 'LinearLR', endFactor: 2 }, 'endFactor', 'must be a number from 0 to 1'],
    [{ type: 'ReduceLROnPlateau', factor: 1 }, 'factor', 'must be a number >= 0 and < 1'],
    [{ ...one, pctStart: 1.5 }, 'pctStart', 'must be a number from 0 to 1'],
    [{ ...one, totalSteps: 0 }, 'totalSteps', 'must be a whole number >= 1'],
    [
      { type: 'LambdaLR', lrLambda: { kind: 'warmupCosine', warmup: 5, steps: 5 } },
      'lrLambda.warmup',
      'smaller than steps',
    ],
    [sequential([], []), 'schedulers', 'at least one'],
    [sequential([step, step], []), 'milestones', 'one entry fewer'],
    [sequential([step, one], [3]), 'schedulers', 'must not mix'],
    [sequential([{ type: 'ReduceLROnPlateau' }, step], [3]), 'schedulers.0.type', 'needs a metric'],
    [
      sequential([step, sequential([step], [])], [3]),
      'schedulers.1.type',
      'cannot start it at a milestone',
    ],
    [{ type: 'ChainedScheduler', schedulers: [step, one] }, 'schedulers', 'must not mix'],
    [{ type: 'CosineLR' }, 'type', 'found "CosineLR"'],
  ])('%j', (input, path, message) => {
    const [issue] = schedulerSchema.safeParse(input).error?.issues ?? []
    expect(issue?.path.join('.')).toBe(path)
    expect(issue?.message).toContain(message)
  })

  it('and code is never evaluated: LambdaLR takes a closed list of expressions', () => {
    for (const lrLambda of ['e => 0.95 ** e', { kind: 'code', source: '1' }]) {
      expect(schedulerSchema.safeParse({ type: 'LambdaLR', lrLambda }).success).toBe(false)
    }
  })
})
