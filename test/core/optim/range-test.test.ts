import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasDiverged, rangeTestRates, suggestRate, usualRangeTest } from '#core/optim/range-test'

const rates = [...rangeTestRates(usualRangeTest)]

/** Flat at 2.3, falling around `knee` in log lr, and exploding beyond `limit`. */
function curve(knee: number, limit: number) {
  return rates.map((lr) => {
    const fall = 1 / (1 + (knee / lr) ** 2)
    const blowUp = lr > limit ? 2 * (lr / limit) ** 3 : 0
    return { lr, loss: 2.3 - 2 * fall + blowUp }
  })
}

describe('the rates of the range test', () => {
  it('run from the first to the last by equal factors', () => {
    expect(rates).toHaveLength(100)
    expect(rates[0]).toBe(1e-6)
    expect(rates[99]).toBeCloseTo(10, 12)
    const factors = rates.slice(1).map((lr, i) => lr / (rates[i] ?? NaN))
    expect(Math.max(...factors) - Math.min(...factors)).toBeLessThan(1e-12)
  })

  it('may be one', () => {
    expect([...rangeTestRates({ from: 0.1, to: 1, steps: 1 })]).toEqual([0.1])
  })
})

describe('suggestRate', () => {
  it('finds the steepest fall of any curve within a factor of 1.5', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: -1.5, noNaN: true }), (exponent) => {
        const knee = 10 ** exponent
        const found = suggestRate(curve(knee, 30 * knee))
        if (!found.ok) throw new Error(found.error)
        expect(found.value.lr / knee).toBeGreaterThan(1 / 1.5)
        expect(found.value.lr / knee).toBeLessThan(1.5)
        expect(found.value.divergesAt).toBeGreaterThan(30 * knee)
      }),
      { seed: 7, numRuns: 200 },
    )
  })

  it('is not led astray by noise', () => {
    const noisy = curve(1e-3, 0.1).map(({ lr, loss }, i) => ({
      lr,
      loss: loss + 0.08 * Math.sin(12.9898 * i * i),
    }))
    const found = suggestRate(noisy)
    expect(found.ok && found.value.lr).toBeGreaterThan(1e-3 / 3)
    expect(found.ok && found.value.lr).toBeLessThan(1e-3 * 3)
  })

  it('says that there was no divergence where there was none', () => {
    const found = suggestRate(curve(1e-3, Infinity))
    expect(found.ok && found.value.divergesAt).toBe(null)
    expect(found.ok && found.value.smoothed).toHaveLength(100)
  })

  it('says why it has no suggestion', () => {
    expect(suggestRate(rates.map((lr) => ({ lr, loss: 2.3 + lr })))).toEqual({
      ok: false,
      error: expect.stringContaining('did not fall') as string,
    })
    expect(suggestRate(rates.map((lr) => ({ lr, loss: NaN })))).toEqual({
      ok: false,
      error: expect.stringContaining('fewer than 8 steps') as string,
    })
    expect(suggestRate([]).ok).toBe(false)
  })
})

describe('hasDiverged', () => {
  it('waits for a loss that is out of proportion', () => {
    expect(hasDiverged([2.3, 2.2, 2.4, 2.1, 2.6])).toBe(false)
    expect(hasDiverged([2.3, 2.2, 2.4, 2.1, 60])).toBe(true)
    expect(hasDiverged([2.3, Infinity])).toBe(true)
    expect(hasDiverged([2.3, NaN])).toBe(true)
  })
})
