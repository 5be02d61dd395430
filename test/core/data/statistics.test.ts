import { describe, expect, it } from 'vitest'
import { statisticsOf } from '#core/data/statistics'

describe('statisticsOf', () => {
  it('counts pixels and classes', () => {
    const statistics = statisticsOf({
      images: Uint8Array.of(0, 255, 0, 255, 0, 0, 0, 0),
      labels: Uint8Array.of(2, 2),
      count: 2,
      rows: 2,
      cols: 2,
      classes: 3,
    })
    expect(statistics).toEqual({
      mean: 0.25,
      std: expect.closeTo(Math.sqrt(0.1875), 12) as number,
      zeroShare: 0.75,
      classCounts: [0, 0, 2],
    })
  })
})
