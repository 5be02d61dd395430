import { describe, expect, it } from 'vitest'
import { Mt19937 } from '#core/tensor/mt19937'
import { normal_, rand, randn, randperm, uniform_ } from '#core/tensor/torch-random'
import golden from '../../golden/draws.json'
import { rng } from '../../golden/rng_init.json'

/** torch's normal values go through float32 logarithms and cosines of its vector library. */
const NORMAL_TOLERANCE = 1e-6

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThan(
      NORMAL_TOLERANCE * (1 + Math.abs(value)),
    )
  })
}

describe('rand and uniform_ (bit for bit)', () => {
  it.each([
    [0, rng['rand seed0 first8']],
    [-1, golden['rand seed-1']],
    [2 ** 40 + 9, golden['rand seed2**40+9']],
  ])('rand of seed %d is torch.rand', (seed, expected) => {
    expect([...rand(expected.length, new Mt19937(seed))]).toEqual(expected)
  })

  it('rand goes on correctly across the refill of the twister', () => {
    const values = rand(2002, new Mt19937(1))
    expect([...values.slice(1999)]).toEqual(golden['rand seed1 after 1999'])
  })

  it.each([
    [-0.05, 0.05, golden['uniform -0.05..0.05 seed7']],
    [0.5, 0.50001, golden['uniform 0.5..0.50001 seed7']],
  ])(
    'uniform_(%d, %d) is torch.uniform_, rounding to the upper bound included',
    (from, to, expected) => {
      const out = new Float32Array(expected.length)
      uniform_(out, from, to, new Mt19937(7))
      expect([...out]).toEqual(expected)
    },
  )

  it('the first Linear of an MLP gets its weights', () => {
    const expected = rng['MLP 784-16-10 seed0']
    const generator = new Mt19937(0)
    const weight = new Float64Array(16 * 784)
    const bias = new Float32Array(16)
    uniform_(weight, -1 / 28, 1 / 28, generator)
    uniform_(bias, -1 / 28, 1 / 28, generator)
    expect([...weight.slice(0, 8)]).toEqual(expected['w0[0][:8]'])
    expect([...bias]).toEqual(expected.b0)
  })
})

describe('randn and normal_', () => {
  it('follows torch for whole blocks of 16', () => {
    expectClose(randn(32, new Mt19937(0)), rng['randn seed0 size32'])
  })

  it('follows torch below 16 values', () => {
    expectClose(randn(8, new Mt19937(0)), rng['randn seed0 size8'])
  })

  it('draws the last 16 values anew when 16 does not divide the length', () => {
    expectClose(randn(20, new Mt19937(0)), golden['randn seed0 size20'])
  })

  it('keeps the spare half of a pair across a large draw and a change of mean and std', () => {
    const generator = new Mt19937(0)
    const [three, block, shifted, uniform] =
      golden['seed0: randn(3), randn(16), normal_(5, 0.5) x3, rand(2)']
    expectClose(randn(3, generator), three ?? [])
    expectClose(randn(16, generator), block ?? [])
    const out = new Float32Array(3)
    normal_(out, 5, 0.5, generator)
    expectClose(out, shifted ?? [])
    expect([...rand(2, generator)]).toEqual(uniform)
  })

  it('puts float32 values also into a Float64Array', () => {
    for (const n of [7, 16, 33]) {
      const single = new Float32Array(n)
      const double = new Float64Array(n)
      normal_(single, 0.1, 0.7, new Mt19937(5))
      normal_(double, 0.1, 0.7, new Mt19937(5))
      expect([...double]).toEqual([...single])
    }
  })
})

describe('randperm (bit for bit)', () => {
  it('is torch.randperm', () => {
    expect([...randperm(20, new Mt19937(0))]).toEqual(rng['randperm20 seed0'])
    const order = randperm(60000, new Mt19937(0))
    const ends = [...order.slice(0, 8), ...order.slice(-8)]
    expect(ends).toEqual(golden['randperm60000 seed0: first 8, last 8'])
  })

  it('handles 0 and 1 without drawing', () => {
    const generator = new Mt19937(0)
    expect([...randperm(0, generator)]).toEqual([])
    expect([...randperm(1, generator)]).toEqual([0])
    expect(generator.nextUint32()).toBe(new Mt19937(0).nextUint32())
  })
})
