import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Optimizer } from '#core/optim/optimizer'
import type { Parameter } from '#core/optim/parameter'
import { parameterGroups } from '#core/optim/parameter-groups'
import { OptimStateError } from '#core/optim/state'
import { optimizerTypes, type OptimizerType } from '#core/spec/optimizers'
import { float32, float64, quadraticParameters, stepwise, writeGradients } from './quadratic'

const steppingTypes = optimizerTypes.filter((type) => type !== 'LBFGS')

/** Options that make an optimizer keep all the state it may have. */
const everything: Partial<Record<OptimizerType, Record<string, unknown>>> = {
  SGD: { momentum: 0.9 },
  Adam: { amsgrad: true },
  RMSprop: { momentum: 0.9, centered: true },
  Muon: { others: { type: 'NAdam' } },
}

describe.each(steppingTypes)('%s', (type) => {
  const spec = stepwise({ type, ...everything[type] })

  it.each([
    ['float64', float64],
    ['float32', float32],
  ])('goes on in %s from an exported state as if it had never stopped', (_name, make) => {
    const whole = quadraticParameters(make)
    const optimizer = new Optimizer(spec, whole, make)
    run(optimizer, whole, 1, 5)
    const resumed = quadraticParameters(make)
    for (const [i, { value }] of resumed.entries()) value.set(whole[i]?.value ?? [])
    const second = new Optimizer(spec, resumed, make)
    second.importState(optimizer.exportState())
    run(optimizer, whole, 6, 10)
    run(second, resumed, 6, 10)
    expect(resumed).toEqual(whole)
    expect(second.exportState()).toEqual(optimizer.exportState())
    expect(second.steps).toBe(10)
  })

  it('refuses a state that lacks a tensor, and changes nothing', () => {
    const parameters = quadraticParameters(float64)
    const optimizer = new Optimizer(spec, parameters, float64)
    run(optimizer, parameters, 1, 2)
    const before = optimizer.exportState()
    const tensors = new Map(before.tensors)
    const [first] = tensors.keys()
    if (first !== undefined) tensors.delete(first)
    else tensors.set('odd', { shape: [1], data: float64(1) })
    expect(() => {
      optimizer.importState({ tensors, numbers: { step: 7 } })
    }).toThrow(OptimStateError)
    expect(optimizer.exportState()).toEqual(before)
  })
})

describe('the state of an optimizer', () => {
  it.each([
    ['Adam', { amsgrad: true }, ['exp_avg', 'exp_avg_sq', 'max_exp_avg_sq'], ['step']],
    ['SGD', {}, [], ['step']],
    ['NAdam', {}, ['exp_avg', 'exp_avg_sq'], ['step', '0.weight.mu_product']],
    ['ASGD', {}, ['ax'], ['step', '0.weight.eta', '0.weight.mu']],
    ['RMSprop', everything.RMSprop, ['square_avg', 'momentum_buffer', 'grad_avg'], ['step']],
    ['Adafactor', {}, ['row_var', 'col_var'], ['step']],
  ])('of %s has the names of torch', (type, options, tensors, numbers) => {
    const parameters = quadraticParameters(float64).slice(0, 1)
    const optimizer = new Optimizer(stepwise({ type, ...options }), parameters, float64)
    run(optimizer, parameters, 1, 1)
    const state = optimizer.exportState()
    expect([...state.tensors.keys()]).toEqual(tensors.map((name) => `0.weight.${name}`))
    expect(Object.keys(state.numbers)).toEqual(numbers)
  })

  it('is refused where a shape differs or there is a tensor too many', () => {
    const parameters = quadraticParameters(float64)
    const optimizer = new Optimizer(stepwise({ type: 'Adagrad' }), parameters, float64)
    const { tensors, numbers } = optimizer.exportState()
    const reshaped = new Map(tensors).set('0.bias.sum', { shape: [2, 2], data: float64(4) })
    const extended = new Map(tensors).set('1.bias.sum', { shape: [4], data: float64(4) })
    for (const [wrong, message] of [
      [reshaped, '[2, 2], expected [4]'],
      [extended, 'too many'],
    ] as const) {
      expect(() => {
        optimizer.importState({ tensors: wrong, numbers })
      }).toThrow(message)
    }
  })

  it('has momentum buffers where a scheduler brings momentum, though the spec has none', () => {
    const parameters = quadraticParameters(float64)
    const optimizer = new Optimizer(stepwise({ type: 'SGD' }), parameters, float64, 0.95)
    expect([...optimizer.exportState().tensors.keys()]).toEqual([
      '0.weight.momentum_buffer',
      '0.bias.momentum_buffer',
    ])
  })
})

describe('parameter groups', () => {
  const names = (groups: readonly { readonly parameters: readonly Parameter[] }[]) =>
    groups.map(({ parameters }) => parameters.map(({ name }) => name))
  const net = () => [
    ...quadraticParameters(float64),
    ...quadraticParameters(float64).map((parameter, i) => ({
      ...parameter,
      layer: 2,
      name: i === 0 ? '2.weight' : '2.bias',
    })),
  ]

  it('without overrides are one', () => {
    const groups = parameterGroups(stepwise({ type: 'Adam', weightDecay: 0.1 }), net())
    expect(groups).toMatchObject([{ lr: 1e-3, weightDecay: 0.1 }])
    expect(names(groups)).toEqual([['0.weight', '0.bias', '2.weight', '2.bias']])
  })

  it('take all overrides that match, the later one winning', () => {
    const spec = stepwise({
      type: 'AdamW',
      paramGroups: [
        { match: { kind: 'biasesAndNorms' }, weightDecay: 0 },
        { match: { kind: 'layer', layer: 2 }, lr: 0.5 },
        { match: { kind: 'layer', layer: 2 }, lr: 0.25 },
      ],
    })
    const groups = parameterGroups(spec, net())
    expect(names(groups)).toEqual([['0.weight'], ['0.bias'], ['2.weight'], ['2.bias']])
    expect(groups.map(({ lr, weightDecay }) => [lr, weightDecay])).toEqual([
      [1e-3, 1e-2],
      [1e-3, 0],
      [0.25, 1e-2],
      [0.25, 0],
    ])
  })

  it('of Muon are its matrices and, after them, the others', () => {
    const spec = stepwise({ type: 'Muon', others: { type: 'SGD', lr: 0.3 } })
    const groups = parameterGroups(spec, net())
    expect(names(groups)).toEqual([
      ['0.weight', '2.weight'],
      ['0.bias', '2.bias'],
    ])
    expect(groups.map((group) => [group.spec.type, group.lr])).toEqual([
      ['Muon', 1e-3],
      ['SGD', 0.3],
    ])
  })

  it('step with the rate of their own', () => {
    const spec = stepwise({
      type: 'SGD',
      lr: 0.1,
      paramGroups: [{ match: { kind: 'biasesAndNorms' }, lr: 1 }],
    })
    const [weight, bias] = quadraticParameters(float64)
    if (weight === undefined || bias === undefined) throw new Error('no parameters')
    const optimizer = new Optimizer(spec, [weight, bias], float64)
    expect(optimizer.baseLrs).toEqual([0.1, 1])
    for (const { grad, value } of [weight, bias]) {
      grad.fill(1)
      value.fill(0)
    }
    optimizer.step(Float64Array.of(0.01, 0.5))
    expect(weight.value[0]).toBe(-0.01)
    expect(bias.value[0]).toBe(-0.5)
    expect(() => {
      optimizer.step([0.1])
    }).toThrow('expected 2 rates')
  })
})

describe('any optimizer', () => {
  it('takes the same step for -g with maximize as for g without', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...steppingTypes.filter((type) => type !== 'Muon')),
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 }),
        (type, gradient) => {
          const results = [1, -1].map((sign) => {
            const parameters = quadraticParameters(float64)
            const spec = stepwise({ type, maximize: sign === -1 })
            const optimizer = new Optimizer(spec, parameters, float64)
            for (let step = 0; step < 3; step++) {
              for (const { grad } of parameters) {
                grad.set(gradient.slice(0, grad.length).map((g) => sign * g))
              }
              optimizer.step(optimizer.baseLrs)
            }
            return parameters.map(({ value }) => [...value])
          })
          expect(results[1]).toEqual(results[0])
        },
      ),
      { seed: 3, numRuns: 60 },
    )
  })

  it('moves against the gradient: Lion by the whole rate', () => {
    const [weight] = quadraticParameters(float64)
    if (weight === undefined) throw new Error('no parameters')
    const before = [...weight.value]
    const optimizer = new Optimizer(stepwise({ type: 'Lion', lr: 0.25 }), [weight], float64)
    writeGradients([weight], 1)
    optimizer.step(optimizer.baseLrs)
    weight.value.forEach((value, i) => {
      expect(value - (before[i] ?? NaN)).toBeCloseTo(-0.25 * Math.sign(weight.grad[i] ?? NaN), 15)
    })
  })
})

function run(optimizer: Optimizer, parameters: readonly Parameter[], from: number, to: number) {
  for (let step = from; step <= to; step++) {
    writeGradients(parameters, step)
    optimizer.step(optimizer.baseLrs)
  }
}
