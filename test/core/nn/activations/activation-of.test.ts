import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { activationOf } from '#core/nn/activations/activation-of'
import { type ElementwiseSpec } from '#core/nn/activations/elementwise'
import golden from '../../../golden/activations.json' with { type: 'json' }

const specs: Readonly<Record<string, ElementwiseSpec>> = {
  ReLU: { type: 'ReLU' },
  ReLU6: { type: 'ReLU6' },
  Sigmoid: { type: 'Sigmoid' },
  Hardsigmoid: { type: 'Hardsigmoid' },
  Tanh: { type: 'Tanh' },
  SiLU: { type: 'SiLU' },
  Mish: { type: 'Mish' },
  Hardswish: { type: 'Hardswish' },
  ELU: { type: 'ELU', alpha: 1 },
  CELU: { type: 'CELU', alpha: 1 },
  SELU: { type: 'SELU' },
  GELU: { type: 'GELU', approximate: 'none' },
  Hardshrink: { type: 'Hardshrink', lambd: 0.5 },
  LeakyReLU: { type: 'LeakyReLU', negativeSlope: 0.01 },
  LogSigmoid: { type: 'LogSigmoid' },
  Softplus: { type: 'Softplus', beta: 1, threshold: 20 },
  Softshrink: { type: 'Softshrink', lambd: 0.5 },
  Softsign: { type: 'Softsign' },
  Tanhshrink: { type: 'Tanhshrink' },
  Hardtanh: { type: 'Hardtanh', minVal: -1, maxVal: 1 },
  'GELU(tanh)': { type: 'GELU', approximate: 'tanh' },
  'Threshold(.1,20)': { type: 'Threshold', threshold: 0.1, value: 20 },
  'ELU(.5)': { type: 'ELU', alpha: 0.5 },
  'CELU(2)': { type: 'CELU', alpha: 2 },
  'LeakyReLU(.2)': { type: 'LeakyReLU', negativeSlope: 0.2 },
  'Softplus(2,10)': { type: 'Softplus', beta: 2, threshold: 10 },
}

/** PReLU learns its slope: it is a module. */
const traces = Object.fromEntries(
  Object.entries(golden.activations).flatMap(([name, trace]) =>
    'dy' in trace && name !== 'PReLU' ? [[name, trace] as const] : [],
  ),
)

test('every elementwise trace of the golden file is compared', () => {
  expect(Object.keys(traces).sort()).toEqual(Object.keys(specs).sort())
})

describe.each(Object.entries(specs))('%s', (name, spec) => {
  const activation = activationOf(spec)

  test('value and derivative are those of PyTorch, kinks included', () => {
    const trace = traces[name]
    golden.x.forEach((x, i) => {
      const y = activation.forward(x)
      expect(y, `value at ${x}`).toBeCloseTo(trace?.y[i] ?? NaN, 14)
      expect(activation.derivative(x, y), `derivative at ${x}`).toBeCloseTo(trace?.dy[i] ?? NaN, 14)
    })
  })

  test('the derivative is the slope wherever there is one', () => {
    const step = 1e-5
    fc.assert(
      fc.property(fc.double({ min: -12, max: 12, noNaN: true }), (x) => {
        fc.pre(kinks.every((kink) => Math.abs(Math.abs(x) - kink) > 1e-3))
        const slope = (activation.forward(x + step) - activation.forward(x - step)) / (2 * step)
        expect(Math.abs(slope - activation.derivative(x, activation.forward(x)))).toBeLessThan(1e-7)
      }),
    )
  })

  test('NaN stays NaN', () => {
    expect(activation.forward(NaN)).toBeNaN()
  })
})

const kinks = [0, 0.1, 0.5, 1, 3, 5, 6]
