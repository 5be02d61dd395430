import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AveragedWeights } from '#core/optim/averaged-weights'
import { clipGradNorm, clipGradValue } from '#core/optim/clip'
import { limitRowNorms } from '#core/optim/max-norm'
import { OptimStateError } from '#core/optim/state'
import type { AveragingSpec } from '#core/spec/training'
import golden from '../../golden/optim-clip-average.json'
import { distance, float64, quadraticParameters, start, writeGradients } from './quadratic'

const numbers = golden.numbers
const ema: AveragingSpec = { type: 'EMA', decay: numbers.EMA.decay }
const swa: AveragingSpec = {
  type: 'SWA',
  startEpoch: 0,
  swaLr: null,
  annealEpochs: 10,
  annealStrategy: 'cos',
}

describe('clipping of gradients', () => {
  it.each(numbers.clip_grad_norm_)('by norm $limit follows torch', ({ limit, norm, grads }) => {
    const own = firstGradients()
    expect(clipGradNorm(own, limit)).toBeCloseTo(norm, 13)
    expect(
      distance(
        own.flatMap((grad) => [...grad]),
        grads.flat(),
      ),
    ).toBeLessThan(1e-14)
  })

  it.each(numbers.clip_grad_value_)('by value $limit follows torch', ({ limit, grads }) => {
    const own = firstGradients()
    clipGradValue(own, limit)
    expect(
      distance(
        own.flatMap((grad) => [...grad]),
        grads.flat(),
      ),
    ).toBeLessThan(1e-14)
  })

  it('leaves a norm of at most the limit', () => {
    const values = fc
      .array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1 })
      .map((list) => Float64Array.from(list))
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1 }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (grads, limit) => {
          clipGradNorm(grads, limit)
          expect(Math.hypot(...grads.flatMap((grad) => [...grad]))).toBeLessThanOrEqual(
            limit * (1 + 1e-12),
          )
        },
      ),
      { seed: 1 },
    )
  })
})

describe('the max-norm constraint', () => {
  it('follows torch.renorm', () => {
    const weight = Float64Array.from(start.p0)
    limitRowNorms(weight, 4, numbers.renorm.limit)
    expect(distance(weight, numbers.renorm.weight)).toBeLessThan(1e-14)
  })

  it('leaves rows within the limit alone and keeps the direction of others', () => {
    const weight = Float64Array.of(0.3, 0.4, 3, 4)
    limitRowNorms(weight, 2, 1)
    expect([...weight.subarray(0, 2)]).toEqual([0.3, 0.4])
    expect(weight[2]).toBeCloseTo(0.6, 6)
    expect(weight[3]).toBeCloseTo(0.8, 6)
  })
})

describe('AveragedWeights', () => {
  it.each([
    ['SWA', swa, numbers.SWA],
    ['EMA', ema, numbers.EMA.weight],
  ])('%s follows torch', (_name, spec, expected) => {
    const { weight, averages } = averaging(spec)
    takeIn(averages, weight, 4)
    expect(averages.taken).toBe(4)
    expect(distance(averageOf(averages), expected)).toBeLessThan(1e-14)
  })

  it('swaps the averages in and out again', () => {
    const { weight, averages } = averaging(swa)
    takeIn(averages, weight, 3)
    const [present, average] = [[...weight.value], averageOf(averages)]
    averages.swap()
    expect([...weight.value]).toEqual(average)
    averages.swap()
    expect([...weight.value]).toEqual(present)
  })

  it.each([swa, ema])('goes on from an exported state ($type)', (spec) => {
    const whole = averaging(spec)
    takeIn(whole.averages, whole.weight, 2)
    const resumed = averaging(spec)
    resumed.weight.value.set(whole.weight.value)
    resumed.averages.importState(whole.averages.exportState())
    for (const { averages, weight } of [whole, resumed]) takeIn(averages, weight, 2)
    expect(resumed.averages.exportState()).toEqual(whole.averages.exportState())
  })

  it('refuses the state of another model', () => {
    const { averages } = averaging(swa)
    expect(() => {
      averages.importState({ tensors: new Map(), numbers: { n_averaged: 1 } })
    }).toThrow(OptimStateError)
    expect(() => {
      averages.importState({ ...averages.exportState(), numbers: {} })
    }).toThrow('n_averaged')
  })
})

function firstGradients() {
  const parameters = quadraticParameters(float64)
  writeGradients(parameters, 1)
  return parameters.map(({ grad }) => grad)
}

function averaging(spec: AveragingSpec) {
  const weight = { name: '0.weight', shape: [3, 4], value: Float64Array.from(start.p0) }
  return { weight, averages: new AveragedWeights(spec, [weight], float64) }
}

/** As the golden numbers: take in, then weight = weight / 2 + 0.1. */
function takeIn(averages: AveragedWeights, { value }: { value: Float64Array }, times: number) {
  for (let i = 0; i < times; i++) {
    averages.update()
    value.forEach((w, at) => {
      value[at] = w * 0.5 + 0.1
    })
  }
}

function averageOf(averages: AveragedWeights): number[] {
  return [...(averages.exportState().tensors.get('0.weight')?.data ?? [])]
}
