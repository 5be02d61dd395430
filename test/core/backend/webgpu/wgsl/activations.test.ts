import { expect } from 'vitest'
import { activationPiece } from '#core/backend/webgpu/wgsl/activations'
import { activationOf } from '#core/nn/activations/activation-of'
import type { ElementwiseSpec } from '#core/nn/activations/elementwise'
import { gpuTest } from './gpu-test'
import { evaluateEach, largestError } from './harness'

const specs: readonly ElementwiseSpec[] = [
  { type: 'ReLU' },
  { type: 'LeakyReLU', negativeSlope: 0.01 },
  { type: 'LeakyReLU', negativeSlope: -0.5 },
  { type: 'ELU', alpha: 1 },
  { type: 'ELU', alpha: -0.5 },
  { type: 'CELU', alpha: 2 },
  { type: 'SELU' },
  { type: 'GELU', approximate: 'none' },
  { type: 'GELU', approximate: 'tanh' },
  { type: 'SiLU' },
  { type: 'Mish' },
  { type: 'Softplus', beta: 1, threshold: 20 },
  { type: 'Softplus', beta: 2, threshold: 10 },
  { type: 'Softplus', beta: 1, threshold: 80 },
  { type: 'Softsign' },
  { type: 'Sigmoid' },
  { type: 'LogSigmoid' },
  { type: 'Tanh' },
  { type: 'Tanhshrink' },
  { type: 'Hardtanh', minVal: -1, maxVal: 1 },
  { type: 'Hardsigmoid' },
  { type: 'Hardswish' },
  { type: 'ReLU6' },
  { type: 'Hardshrink', lambd: 0.5 },
  { type: 'Hardshrink', lambd: 0 },
  { type: 'Softshrink', lambd: 0.5 },
  { type: 'Threshold', threshold: 0.125, value: 20 },
]

/** Kinks, what is near them, and the far ends. */
const edges = [
  0, 0.125, 0.5, 1, 3, 6, 20, 1e-30, 1e-6, 1e-3, 0.4999, 0.501, 10, 30, 88, 200, 1e4, 1e15,
]
const inputs = Float32Array.from([
  ...edges.flatMap((x) => [x, -x]),
  ...Array.from({ length: 400 }, (_, i) => (i - 200) * 0.0625 + 0.01),
])

gpuTest('values and derivatives are those of the definitions', async (device) => {
  const pieces = specs.map((spec, k) => activationPiece(spec, `f${k}`))
  const results = await evaluateEach(
    device,
    pieces,
    { x: inputs },
    specs.flatMap((_, k) => [`f${k}(x)`, `f${k}Slope(x, f${k}(x))`]),
  )
  specs.forEach((spec, k) => {
    const activation = activationOf(spec)
    const values = Float64Array.from(inputs, (x) => activation.forward(x))
    const slopes = Float64Array.from(inputs, (x, i) => activation.derivative(x, values[i] ?? NaN))
    const label = JSON.stringify(spec)
    expect(largestError(results[2 * k] ?? [], values), label).toBeLessThan(5e-7)
    expect(largestError(results[2 * k + 1] ?? [], slopes), label).toBeLessThan(1e-6)
  })
})

gpuTest('values near 0 keep their relative accuracy', async (device) => {
  const x = Float32Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 2 ** -(i / 4))
  // x - tanh(x) cancels, in torch too.
  const careful = specs.filter(({ type }) => type !== 'Tanhshrink')
  const pieces = careful.map((spec, k) => activationPiece(spec, `f${k}`))
  const calls = careful.map((_, k) => `f${k}(x)`)
  const results = await evaluateEach(device, pieces, { x }, calls)
  careful.forEach((spec, k) => {
    const activation = activationOf(spec)
    const values = Float64Array.from(x, (v) => activation.forward(v))
    const error = largestError(results[k] ?? [], values, 1e-12)
    expect(error, JSON.stringify(spec)).toBeLessThan(1e-6)
  })
})

gpuTest(
  'where a kernel need not keep x, the derivative ignores it; NaN stays NaN',
  async (device) => {
    const pieces = specs.map((spec, k) => activationPiece(spec, `f${k}`))
    const results = await evaluateEach(
      device,
      pieces,
      { x: inputs, nan: inputs.map(() => NaN) },
      specs.flatMap((_, k) => [
        `f${k}Slope(x, f${k}(x))`,
        pieces[k]?.slopeNeedsInput ? `f${k}Slope(x, f${k}(x))` : `f${k}Slope(nan, f${k}(x))`,
        `f${k}(nan)`,
      ]),
    )
    specs.forEach((spec, k) => {
      const label = JSON.stringify(spec)
      const [slopes = [], fromOutput, ofNaN = []] = results.slice(3 * k)
      expect(fromOutput, label).toEqual(slopes)
      expect(Array.from(ofNaN).every(Number.isNaN), label).toBe(true)
    })
  },
)
