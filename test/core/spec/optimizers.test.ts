import { describe, expect, it } from 'vitest'
import {
  notInTorch,
  optimizerSchema,
  optimizerTypes,
  type OptimizerType,
} from '#core/spec/optimizers'
import golden from '../../golden/optim.json'
import { specFromTorch } from '../optim/quadratic'

describe('the optimizers', () => {
  it('are those of torch.optim without SparseAdam, and Lion', () => {
    const torch = [
      'SGD',
      'Adam',
      'AdamW',
      'NAdam',
      'RAdam',
      'Adamax',
      'Adagrad',
      'Adadelta',
      'RMSprop',
      'Rprop',
      'ASGD',
      'LBFGS',
      'Adafactor',
      'Muon',
    ]
    expect([...optimizerTypes].sort()).toEqual([...torch, 'Lion'].sort())
    expect([...notInTorch]).toEqual(['Lion'])
  })

  const printed = Object.entries(golden.optim).flatMap(([name, entry]) =>
    name.endsWith('()') && 'defaults' in entry ? [{ type: name.slice(0, -2), ...entry }] : [],
  )

  it.each(printed)('$type has the defaults that torch prints', ({ type, defaults }) => {
    expect(optimizerSchema.parse({ type })).toEqual(specFromTorch(type, defaults))
  })

  it.each([
    [
      'Muon',
      {
        lr: 1e-3,
        weightDecay: 0.1,
        momentum: 0.95,
        nesterov: true,
        nsCoefficients: [3.4445, -4.775, 2.0315],
        eps: 1e-7,
        nsSteps: 5,
        adjustLrFn: null,
      },
    ],
    [
      'LBFGS',
      {
        lr: 1,
        maxIter: 20,
        maxEval: null,
        toleranceGrad: 1e-7,
        toleranceChange: 1e-9,
        historySize: 100,
        lineSearchFn: null,
      },
    ],
    ['Lion', { lr: 1e-4, betas: [0.9, 0.99], weightDecay: 0 }],
  ])('%s has the defaults of its source', (type, defaults) => {
    expect(optimizerSchema.parse({ type })).toMatchObject(defaults)
  })

  it('leave to AdamW what Muon does not update, unless told otherwise', () => {
    const [plain, sgd] = [{}, { others: { type: 'SGD', lr: 1 } }].map((options) =>
      optimizerSchema.parse({ type: 'Muon', ...options }),
    )
    expect(plain).toMatchObject({ others: { type: 'AdamW', lr: 1e-3 } })
    expect(sgd).toMatchObject({ others: { type: 'SGD', lr: 1 } })
  })

  it.each(optimizerTypes)('of type %s are read back as they are written', (type) => {
    const spec = optimizerSchema.parse({ type })
    expect(optimizerSchema.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
  })
})

describe('an optimizer that makes no sense is refused', () => {
  const override = { match: { kind: 'biasesAndNorms' }, weightDecay: 0 }
  const cases: [OptimizerType, Record<string, unknown>, string, string][] = [
    ['SGD', { lr: -1 }, 'lr', 'must be a number >= 0'],
    ['Adam', { lr: NaN }, 'lr', 'must be a number >= 0'],
    ['Adam', { lr: Infinity }, 'lr', 'must be a number >= 0'],
    ['Adam', { lr: '0.1' }, 'lr', 'must be a number >= 0'],
    ['SGD', { nesterov: true }, 'nesterov', 'requires a momentum > 0 and zero dampening'],
    ['SGD', { nesterov: true, momentum: 0.9, dampening: 0.1 }, 'nesterov', 'zero dampening'],
    ['Adam', { betas: [1, 0.9] }, 'betas.0', 'must be a number >= 0 and < 1'],
    ['AdamW', { betas: [0.9, -0.1] }, 'betas.1', 'must be a number >= 0 and < 1'],
    ['NAdam', { momentumDecay: -1 }, 'momentumDecay', 'must be a number >= 0'],
    ['Adadelta', { rho: 1.5 }, 'rho', 'must be a number from 0 to 1'],
    ['Rprop', { etas: [1.2, 0.5] }, 'etas', '0 < etas[0] < 1 < etas[1]'],
    ['Rprop', { stepSizes: [2, 1] }, 'stepSizes', 'stepSizes[0] <= stepSizes[1]'],
    ['Rprop', { paramGroups: [override] }, 'paramGroups.0.weightDecay', 'has no weight decay'],
    ['LBFGS', { paramGroups: [override] }, 'paramGroups', 'one rate for all parameters'],
    ['LBFGS', { lineSearchFn: 'armijo' }, 'lineSearchFn', 'strong_wolfe'],
    ['Adafactor', { beta2Decay: 0.8 }, 'beta2Decay', 'must be a number <= 0'],
    ['Adafactor', { d: 0.5 }, 'd', 'must be a number >= 1'],
    ['Muon', { nsSteps: 100 }, 'nsSteps', 'must be a whole number from 0 to 99'],
    ['Muon', { others: { type: 'LBFGS' } }, 'others.type', 'found "LBFGS"'],
    ['Adam', { fused: true }, '', 'fused'],
  ]

  it.each(cases)('%s with %j', (type, options, path, message) => {
    const [issue] = optimizerSchema.safeParse({ type, ...options }).error?.issues ?? []
    expect(issue?.path.join('.')).toBe(path)
    expect(issue?.message).toContain(message)
  })

  it('and SparseAdam with the reason', () => {
    const message = optimizerSchema.safeParse({ type: 'SparseAdam' }).error?.issues[0]?.message
    expect(message).toContain('sparse gradients')
    expect(message).toContain('allowed: SGD, Adam, AdamW')
  })
})
