import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchEndsOf, drawEpochOrder } from '#core/data/batch-order'
import { Mt19937 } from '#core/tensor/mt19937'
import { rand } from '#core/tensor/torch-random'
import golden from '../../golden/draws.json'
import { rng } from '../../golden/rng_init.json'

describe('drawEpochOrder', () => {
  it("is DataLoader's order in two epochs after one seed", () => {
    const generator = new Mt19937(0)
    for (const epoch of rng['DataLoader(64,bs8,shuffle) seed0 epochs 1-2'])
      expect([...drawEpochOrder(64, true, generator)]).toEqual(epoch.flat())
  })

  it.each([
    [true, golden['DataLoader(10, shuffle) seed5, 2 epochs, rand(2)']],
    [false, golden['DataLoader(10) seed5, 2 epochs, rand(2)']],
  ])('leaves the generator where DataLoader leaves it (shuffle: %s)', (shuffle, expected) => {
    const generator = new Mt19937(5)
    const epochs = [0, 1].map(() => [...drawEpochOrder(10, shuffle, generator)])
    expect([...epochs, [...rand(2, generator)]]).toEqual(expected)
  })
})

describe('batchEndsOf', () => {
  it('cuts an epoch as DataLoader does', () => {
    expect([...batchEndsOf(10, 4, false)]).toEqual([4, 8, 10])
    expect([...batchEndsOf(10, 4, true)]).toEqual([4, 8])
    expect([...batchEndsOf(10, 'full', true)]).toEqual([10])
    expect([...batchEndsOf(3, 8, false)]).toEqual([3])
    expect([...batchEndsOf(3, 8, true)]).toEqual([])
  })

  it('covers every sample once, in batches of the size asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 600 }), (n, size) => {
        const sizes = [...batchEndsOf(n, size, false)].map(
          (end, i, ends) => end - (ends[i - 1] ?? 0),
        )
        expect(sizes.reduce((sum, value) => sum + value, 0)).toBe(n)
        expect(sizes.slice(0, -1).every((value) => value === size)).toBe(true)
      }),
    )
  })

  it('refuses a batch size below 1', () => {
    for (const size of [0, -1, NaN]) expect(() => batchEndsOf(5, size, false)).toThrow(RangeError)
  })
})
