import { describe, expect, test } from 'vitest'
import { buildNetwork } from '#core/nn/build-network'
import { type Network } from '#core/nn/network'
import { layerSchema, modelSchema } from '#core/spec/layers'
import { gradientError, numericalGradient, sampleValues } from '../gradient-check'

const ROWS = 5
const FEATURES = 6

const blocks: readonly Readonly<Record<string, unknown>>[] = [
  { type: 'Linear', outFeatures: 3 },
  { type: 'Linear', outFeatures: 3, bias: false },
  { type: 'Dropout', p: 0.3 },
  { type: 'AlphaDropout', p: 0.3 },
  { type: 'BatchNorm1d' },
  { type: 'BatchNorm1d', momentum: null, affine: false },
  { type: 'BatchNorm1d', bias: false },
  { type: 'LayerNorm' },
  { type: 'LayerNorm', bias: false },
  { type: 'RMSNorm' },
  { type: 'RMSNorm', eps: 0.1, elementwiseAffine: false },
  { type: 'PReLU' },
  { type: 'PReLU', numParameters: FEATURES },
  { type: 'RReLU' },
  { type: 'GLU' },
  { type: 'Softmax' },
  { type: 'LogSoftmax' },
  { type: 'Softmin' },
  { type: 'Residual', layers: [{ type: 'Linear', outFeatures: FEATURES }, { type: 'Tanh' }] },
]
const covered = new Set(blocks.map(({ type }) => type))
const elementwise = layerSchema.options
  .map((option) => option.shape.type.value)
  .filter((type) => !covered.has(type))
  .map((type) => ({ type, ...(type === 'Threshold' ? { threshold: 0.1, value: 0.2 } : {}) }))

describe.each([...blocks, ...elementwise])('%j', (layer) => {
  /** Linear layers around it, so that its parameters and its input gradient both matter. */
  const model = modelSchema.parse({
    inFeatures: 4,
    layers: [{ type: 'Linear', outFeatures: FEATURES }, layer, { type: 'Linear', outFeatures: 2 }],
  })

  test.each([true, false])('every gradient is a slope (training: %s)', (training) => {
    const network = buildNetwork(model, (length) => new Float64Array(length))
    network.parameters.forEach(({ value }, i) => {
      value.set(sampleValues(value.length, 1, i + 2))
    })
    const x = sampleValues(ROWS * 4)
    const dy = sampleValues(ROWS * 2, 1, 99)
    const context = { training, seed: 3, step: 7 }
    const loss = (): number => dotRows(network.forward(x, ROWS, context), dy)
    loss()
    network.zeroGrad()
    const dx = network.backward(dy, ROWS, true).slice(0, x.length)
    const gradients = network.parameters.map(({ grad }) => grad.slice())

    expect(gradientError(dx, numericalGradient(loss, x))).toBeLessThan(2e-8)
    float64Values(network).forEach((value, i) => {
      expect(gradientError(gradients[i] ?? [], numericalGradient(loss, value))).toBeLessThan(2e-8)
    })
  })
})

function float64Values(network: Network): Float64Array[] {
  return network.parameters.flatMap(({ value }) => (value instanceof Float64Array ? [value] : []))
}

function dotRows(y: ArrayLike<number>, dy: Float64Array): number {
  return dy.reduce((sum, g, i) => sum + g * (y[i] ?? NaN), 0)
}
