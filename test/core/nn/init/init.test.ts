import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildNetwork } from '#core/nn/build-network'
import { fillWeight } from '#core/nn/init/fill'
import { initNetwork } from '#core/nn/init/init-network'
import { orthogonal_ } from '#core/nn/init/orthogonal'
import { truncatedNormal_, TruncationError } from '#core/nn/init/truncated-normal'
import { initSchema } from '#core/spec/init'
import { modelSchema } from '#core/spec/layers'
import { Mt19937 } from '#core/tensor/mt19937'
import { rand } from '#core/tensor/torch-random'
import golden from '../../../golden/init.json' with { type: 'json' }
import seeded from '../../../golden/rng_init.json' with { type: 'json' }

/** Normal values differ from torch's by float32 rounding, uniform ones not at all. */
const exact = new Set([
  'uniform_',
  'xavier_uniform_',
  'kaiming_uniform_',
  'constant_',
  'ones_',
  'zeros_',
  'eye_',
])

describe.each(golden.cases)('$spec.type $spec, $shape', ({ spec, shape, data, next }) => {
  const [rows = 0, cols = 0] = shape
  const fill = (out: Float32Array | Float64Array): Mt19937 => {
    const generator = new Mt19937(golden.seed)
    fillWeight(out, rows, cols, initSchema.parse(spec), generator)
    return generator
  }

  test('the values are those of PyTorch', () => {
    const out = new Float32Array(rows * cols)
    fill(out)
    data.forEach((value, i) => {
      if (exact.has(spec.type)) expect(out[i]).toBe(value)
      else expect(out[i]).toBeCloseTo(value, 5.5)
    })
  })

  test('the generator ends where that of PyTorch ends', () => {
    expect(rand(1, fill(new Float32Array(rows * cols)))[0]).toBe(next)
  })

  test('double storage holds the same float32 values', () => {
    const single = new Float32Array(rows * cols)
    const double = new Float64Array(rows * cols)
    fill(single)
    fill(double)
    expect([...double]).toEqual([...single])
  })
})

describe('24 inputs, 16 outputs, seed 0', () => {
  test.each([
    ['xavier_uniform_', { type: 'xavier_uniform_' }],
    ['xavier_normal_', { type: 'xavier_normal_' }],
    ['kaiming_uniform_ relu', { type: 'kaiming_uniform_', nonlinearity: 'relu' }],
    [
      'kaiming_normal_ relu fan_out',
      { type: 'kaiming_normal_', nonlinearity: 'relu', mode: 'fan_out' },
    ],
    ['orthogonal_', { type: 'orthogonal_' }],
    ['trunc_normal_', { type: 'trunc_normal_' }],
    ['uniform_', { type: 'uniform_' }],
    ['normal_', { type: 'normal_', std: 0.02 }],
    ['sparse_ .5', { type: 'sparse_', sparsity: 0.5 }],
  ] as const)('%s begins, spreads and reaches as in PyTorch', (name, document) => {
    const expected = seeded.rng[`init ${name} 16x24 seed0`]
    const out = new Float64Array(16 * 24)
    fillWeight(out, 16, 24, initSchema.parse(document), new Mt19937(0))
    expected.first8.forEach((value, i) => {
      expect(out[i]).toBeCloseTo(value, 5.5)
    })
    const mean = out.reduce((a, b) => a + b) / out.length
    const std = Math.sqrt(out.reduce((a, b) => a + (b - mean) ** 2, 0) / (out.length - 1))
    expect(std).toBeCloseTo(expected.std, 5.5)
    expect(Math.max(...out.map(Math.abs))).toBeCloseTo(expected.absmax, 5.5)
  })
})

describe('initNetwork', () => {
  test('784-16-10 of seed 0 has the weights of PyTorch, bit for bit', () => {
    const expected = seeded.rng['MLP 784-16-10 seed0']
    const network = buildNetwork(
      modelSchema.parse({
        layers: [
          { type: 'Linear', outFeatures: 16 },
          { type: 'ReLU' },
          { type: 'Linear', outFeatures: 10 },
        ],
      }),
      (length) => new Float32Array(length),
    )
    initNetwork(network, new Mt19937(0))
    const [w0, b0, w1, b1] = network.parameters.map(({ value }) => [...value])
    expect(w0?.slice(0, 8)).toEqual(expected['w0[0][:8]'])
    expect(b0).toEqual(expected.b0)
    expect(w1?.slice(0, 16)).toEqual(expected['w1[0]'])
    expect(b1).toEqual(expected.b1)
  })

  test('named functions draw after all defaults, layer by layer', () => {
    const { weight, bias, state, next } = golden.network
    const init = { weight, bias }
    const network = buildNetwork(
      modelSchema.parse({
        inFeatures: 12,
        layers: [
          { type: 'Linear', outFeatures: 8, init },
          { type: 'Tanh' },
          { type: 'Linear', outFeatures: 3, init },
          { type: 'Linear', outFeatures: 2, bias: false },
        ],
      }),
      (length) => new Float32Array(length),
    )
    const generator = new Mt19937(golden.seed)
    initNetwork(network, generator)
    const expected: Readonly<Record<string, readonly number[] | undefined>> = state
    for (const { name, value } of network.parameters)
      value.forEach((found, i) => {
        expect(found, name).toBeCloseTo(expected[name]?.[i] ?? NaN, 5.5)
      })
    expect(rand(1, generator)[0]).toBe(next)
  })
})

test('orthogonal_ makes the shorter side orthonormal, whatever the shape', () => {
  const side = fc.integer({ min: 1, max: 12 })
  fc.assert(
    fc.property(side, side, fc.nat(1000), (rows, cols, seed) => {
      const out = new Float64Array(rows * cols)
      orthogonal_(out, rows, cols, 1, new Mt19937(seed))
      const [count, length, next, along] =
        rows < cols ? [rows, cols, cols, 1] : [cols, rows, 1, cols]
      for (let a = 0; a < count; a++)
        for (let b = 0; b <= a; b++) {
          let dot = 0
          for (let i = 0; i < length; i++)
            dot += (out[a * next + i * along] ?? NaN) * (out[b * next + i * along] ?? NaN)
          expect(Math.abs(dot - Number(a === b))).toBeLessThan(1e-6)
        }
    }),
    { numRuns: 50 },
  )
})

test('an interval that holds nothing of the distribution is refused instead of drawing forever', () => {
  expect(() => {
    truncatedNormal_(new Float32Array(50), 0, 1, 30, 1e9, new Mt19937(0))
  }).toThrow(TruncationError)
})
