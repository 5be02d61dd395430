import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildNetwork } from '#core/nn/build-network'
import { initNetwork } from '#core/nn/init/init-network'
import { ShapeError } from '#core/nn/shape-error'
import { type LayerInput, type ModelSpec, modelSchema } from '#core/spec/layers'
import { Mt19937 } from '#core/tensor/mt19937'
import { sampleValues } from './gradient-check'

const nested: ModelSpec = modelSchema.parse({
  inFeatures: 4,
  layers: [
    { type: 'Linear', outFeatures: 6 },
    {
      type: 'Residual',
      layers: [
        { type: 'BatchNorm1d' },
        { type: 'PReLU' },
        { type: 'Residual', layers: [{ type: 'Linear', outFeatures: 6, bias: false }] },
      ],
    },
    { type: 'Dropout' },
    { type: 'GLU' },
  ],
})
const float64 = (length: number): Float64Array => new Float64Array(length)
const float32 = (length: number): Float32Array => new Float32Array(length)
const training = { training: true, seed: 1, step: 0 }

describe('a nested model', () => {
  test('is named as torch names it', () => {
    const network = buildNetwork(nested, float64)
    expect(network.parameters.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      '0.weight weight',
      '0.bias bias',
      '1.0.weight norm',
      '1.0.bias norm',
      '1.1.weight slope',
      '1.2.0.weight weight',
    ])
    expect(network.buffers.map(({ name }) => name)).toEqual([
      '1.0.running_mean',
      '1.0.running_var',
      '1.0.num_batches_tracked',
    ])
  })

  test('lists its layers, blocks before their contents', () => {
    const { layers } = buildNetwork(nested, float64)
    expect(layers.map(({ path, type }) => `${path} ${type}`)).toEqual([
      '0 Linear',
      '1 Residual',
      '1.0 BatchNorm1d',
      '1.1 PReLU',
      '1.2 Residual',
      '1.2.0 Linear',
      '2 Dropout',
      '3 GLU',
    ])
  })

  test('keeps what each layer put out and got back', () => {
    const network = buildNetwork(nested, float64)
    initNetwork(network, new Mt19937(0))
    const y = network.forward(sampleValues(20), 5, training)
    const dy = sampleValues(15)
    network.backward(dy, 5)
    expect(network.layers.at(-1)?.output).toBe(y)
    expect(network.layers.at(-1)?.outputGradient).toBe(dy)
    expect(
      network.layers.every(({ output, outFeatures }) => output.length === 5 * outFeatures),
    ).toBe(true)
  })
})

test('gradients add up until zeroGrad', () => {
  const network = buildNetwork(nested, float64)
  initNetwork(network, new Mt19937(0))
  const x = sampleValues(20)
  const pass = (): void => {
    network.forward(x, 5, training)
    network.backward(sampleValues(15), 5)
  }
  pass()
  const once = network.parameters.map(({ grad }) => grad.slice())
  pass()
  network.parameters.forEach(({ grad }, p) => {
    grad.forEach((g, i) => {
      expect(g).toBeCloseTo(2 * (once[p]?.[i] ?? NaN), 12)
    })
  })
  network.zeroGrad()
  expect(network.parameters.every(({ grad }) => grad.every((g) => g === 0))).toBe(true)
})

test('a smaller batch reuses the arrays of the larger one and computes the same', () => {
  const model = modelSchema.parse({ inFeatures: 4, layers: [{ type: 'Linear', outFeatures: 3 }] })
  const network = buildNetwork(model, float64)
  initNetwork(network, new Mt19937(0))
  const x = sampleValues(20)
  const large = network.forward(x, 5, training)
  const all = large.slice()
  const small = network.forward(x.subarray(4), 2, training)
  expect(small).toBe(large)
  expect([...small.subarray(0, 6)]).toEqual([...all.subarray(3, 9)])
})

test('float32 follows float64', () => {
  const outputs = [float32, float64].map((make) => {
    const network = buildNetwork(nested, make)
    initNetwork(network, new Mt19937(3))
    return network.forward(
      make(20).map((_, i) => i / 7 - 1),
      5,
      training,
    )
  })
  outputs[0]?.forEach((value, i) => {
    expect(value).toBeCloseTo(outputs[1]?.[i] ?? NaN, 5)
  })
})

test('layers that do not fit are refused', () => {
  const build = (layers: LayerInput[]): void => {
    buildNetwork(modelSchema.parse({ inFeatures: 5, layers }), float64)
  }
  expect(() => {
    build([{ type: 'GLU' }])
  }).toThrow('GLU (layer 0) expects an even width, got 5')
  expect(() => {
    build([{ type: 'PReLU', numParameters: 3 }])
  }).toThrow(ShapeError)
  expect(() => {
    build([{ type: 'Residual', layers: [{ type: 'Linear', outFeatures: 3 }] }])
  }).toThrow('expects a block that ends with 5 features, got 3')
})

test('too few numbers for a batch and a batch of one in BatchNorm1d are refused', () => {
  const model = modelSchema.parse({ inFeatures: 4, layers: [{ type: 'BatchNorm1d' }] })
  const network = buildNetwork(model, float64)
  expect(() => network.forward(float64(7), 2, training)).toThrow('expects [2, 4] = 8 numbers')
  expect(() => network.forward(float64(4), 1, training)).toThrow('more than 1 row')
})

test('any stack of widths and blocks maps [n, in] to [n, out]', () => {
  const width = fc.integer({ min: 1, max: 9 })
  fc.assert(
    fc.property(
      width,
      fc.array(width, { minLength: 1, maxLength: 4 }),
      width,
      (first, widths, n) => {
        const layers = widths.flatMap((outFeatures): LayerInput[] => [
          { type: 'Linear', outFeatures },
          { type: 'Residual', layers: [{ type: 'LayerNorm' }, { type: 'SiLU' }] },
        ])
        const network = buildNetwork(modelSchema.parse({ inFeatures: first, layers }), float64)
        initNetwork(network, new Mt19937(1))
        const y = network.forward(sampleValues(n * first), n, training)
        const dx = network.backward(sampleValues(n * network.outFeatures), n, true)
        expect(network.outFeatures).toBe(widths.at(-1))
        expect(y).toHaveLength(n * network.outFeatures)
        expect(dx).toHaveLength(n * first)
        expect(y.every(Number.isFinite) && dx.every(Number.isFinite)).toBe(true)
      },
    ),
  )
})
