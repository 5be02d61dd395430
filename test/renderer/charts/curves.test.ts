import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimate } from '../../../renderer/charts/decimate'
import { movingAverage } from '../../../renderer/charts/moving-average'
import { indexAt } from '../../../renderer/charts/value-at'

describe('the moving average', () => {
  it('begins at the first value and stays at a constant', () => {
    expect([...movingAverage([3, 3, 3, 3], 4, 0.9)]).toEqual([3, 3, 3, 3].map(Math.fround))
  })

  it('follows s_t / (1 - w^t)', () => {
    const [, second] = movingAverage([1, 2], 2, 0.6)
    // s_2 = 0.6 * 0.4 * 1 + 0.4 * 2 = 1.04; 1 - 0.36 = 0.64
    expect(second).toBeCloseTo(1.04 / 0.64, 6)
  })

  it('is the values themselves at weight 0', () => {
    expect([...movingAverage([1, 5, 2], 3, 0)]).toEqual([1, 5, 2])
  })

  it('passes over values that are not finite', () => {
    const smooth = movingAverage([1, Number.NaN, 1], 3, 0.5)
    expect(smooth[1]).toBeNaN()
    expect(smooth[2]).toBe(1)
  })
})

describe('decimation', () => {
  it('keeps the lowest and the highest value, whatever the data', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
          minLength: 1,
          maxLength: 2000,
        }),
        (values) => {
          const xs = values.map((_, i) => i)
          const points = decimate(xs, values, values.length, 20)
          const ys = points.map(({ y }) => y)
          expect(Math.min(...ys)).toBe(Math.min(...values))
          expect(Math.max(...ys)).toBe(Math.max(...values))
          expect(points.length).toBeLessThanOrEqual(Math.max(40, 1))
          expect(points.every(({ x }, i) => i === 0 || x >= (points[i - 1]?.x ?? 0))).toBe(true)
        },
      ),
    )
  })

  it('leaves out what is not finite', () => {
    expect(decimate([0, 1, 2], [1, Number.NaN, 2], 3, 10)).toEqual([
      { x: 0, y: 1 },
      { x: 2, y: 2 },
    ])
  })
})

describe('the value at the crosshair', () => {
  it('is the last one not beyond it', () => {
    expect(indexAt([1, 2, 4], 3, 3.5)).toBe(1)
    expect(indexAt([1, 2, 4], 3, 0)).toBe(0)
    expect(indexAt([1, 2, 4], 3, 9)).toBe(2)
    expect(indexAt([], 0, 1)).toBe(-1)
  })
})
