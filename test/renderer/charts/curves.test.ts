import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TraceMemory } from '../../../renderer/charts/metric-trace'
import { MovingAverage } from '../../../renderer/charts/moving-average'
import { Thinning } from '../../../renderer/charts/thinning'
import { indexAt } from '../../../renderer/charts/value-at'
import { append, emptySeries } from '../../../renderer/run/series'

function averages(values: readonly number[], weight: number): number[] {
  const average = new MovingAverage(weight)
  return values.map((value) => average.next(value))
}

describe('the moving average', () => {
  it('begins at the first value and stays at a constant', () => {
    for (const value of averages([3, 3, 3, 3], 0.9)) expect(value).toBeCloseTo(3, 12)
  })

  it('follows s_t / (1 - w^t)', () => {
    // s_2 = 0.6 * 0.4 * 1 + 0.4 * 2 = 1.04; 1 - 0.36 = 0.64
    expect(averages([1, 2], 0.6)[1]).toBeCloseTo(1.04 / 0.64, 12)
  })

  it('is the values themselves at weight 0', () => {
    expect(averages([1, 5, 2], 0)).toEqual([1, 5, 2])
  })

  it('passes over values that are not finite', () => {
    const smooth = averages([1, Number.NaN, 1], 0.5)
    expect(smooth[1]).toBeNaN()
    expect(smooth[2]).toBe(1)
  })
})

function thinned(values: readonly number[], most: number) {
  const thinning = new Thinning(most)
  for (const value of values) thinning.push(value)
  return thinning.points((place) => place)
}

describe('a thinned sequence', () => {
  it('keeps the lowest and the highest value, each at its place, whatever the data', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noDefaultInfinity: true }), { minLength: 1, maxLength: 2000 }),
        (values) => {
          const points = thinned(values, 20)
          const finite = values.filter(Number.isFinite)
          const ys = points.map(({ y }) => y)
          expect(Math.min(...ys)).toBe(Math.min(...finite))
          expect(Math.max(...ys)).toBe(Math.max(...finite))
          expect(points.length).toBeLessThanOrEqual(40)
          expect(points.every(({ x, y }) => values[x] === y)).toBe(true)
          expect(points.every(({ x }, i) => i === 0 || x > (points[i - 1]?.x ?? 0))).toBe(true)
        },
      ),
    )
  })

  it('is the sequence itself as long as it is short, without what is not finite', () => {
    expect(thinned([1, Number.NaN, 2], 10)).toEqual([
      { x: 0, y: 1 },
      { x: 2, y: 2 },
    ])
  })

  it('keeps at least half as many stretches as it may', () => {
    const points = thinned(
      Array.from({ length: 1001 }, (_, i) => i),
      10,
    )
    expect(points.length).toBeGreaterThanOrEqual(10)
    expect(points.at(0)).toEqual({ x: 0, y: 0 })
    expect(points.at(-1)).toEqual({ x: 1000, y: 1000 })
  })
})

describe('the trace of a run', () => {
  const part = (from: number, losses: number[]) => ({
    steps: losses.map((_, i) => from + i),
    losses,
    accuracies: losses.map(() => 0.5),
    lrs: losses.map(() => 0.1),
  })

  it('is the same whether the steps came one by one or together, over buffers that grew', () => {
    const losses = Array.from({ length: 50 }, (_, i) => Math.sin(i))
    const together = append(emptySeries(), part(1, losses))
    const traces = new TraceMemory()
    let growing = emptySeries(2)
    for (const [i, value] of losses.entries()) {
      growing = append(growing, part(i + 1, [value]))
      traces.of(growing, 'loss', 0.9)
    }
    const [one, other] = [growing, together].map((series) => traces.of(series, 'loss', 0.9))
    expect(one).not.toBe(other)
    expect(one?.smooth.points((i) => i)).toEqual(other?.smooth.points((i) => i))
    expect(one?.averageAt(49)).toBe(other?.averageAt(49))
    expect(one?.averageAt(50)).toBeNull()
  })

  it('goes on with the series it knows, and begins anew for another smoothing', () => {
    const traces = new TraceMemory()
    const series = append(emptySeries(), part(1, [4, 2]))
    const trace = traces.of(series, 'loss', 0.5)
    expect(traces.of(append(series, part(3, [1])), 'loss', 0.5)).toBe(trace)
    expect(trace.raw.points((i) => i)).toHaveLength(3)
    expect(traces.of(series, 'accuracy', 0.5)).not.toBe(trace)
    expect(traces.of(series, 'loss', 0).averageAt(1)).toBe(2)
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
