import { describe, expect, it } from 'vitest'
import { ONE_PIXEL } from '#core/data/affine-map'
import { ElasticField } from '#core/data/elastic-field'
import { domains, philoxFill } from '#core/tensor/philox'

const SIDE = 28
const FIELDS = 1000

/** Every field of `FIELDS` draws, in pixels, with what it is made of side by side. */
function forEachField(
  alpha: number,
  sigma: number,
  look: (
    dx: (row: number, col: number) => number,
    dy: (row: number, col: number) => number,
  ) => void,
): void {
  const field = new ElasticField({ alpha, sigma }, SIDE, SIDE)
  const words = new Uint32Array(field.words)
  const reader = (values: Int32Array) => (row: number, col: number) =>
    (values[row * SIDE + col] ?? NaN) / ONE_PIXEL
  for (let step = 0; step < FIELDS; step++) {
    philoxFill(words, { seed: 0, domain: domains.augmentation, stream: 0, step })
    field.fill(words, 0)
    look(reader(field.dx), reader(field.dy))
  }
}

/** Uniform noise has deviation 1/sqrt(3); the squares of a Gaussian of sum 1 sum to 1/(4 pi sigma^2). */
function deviationOf(alpha: number, sigma: number): number {
  return alpha / Math.sqrt(3) / (2 * Math.sqrt(Math.PI) * sigma)
}

describe('ElasticField', () => {
  it.each([
    [8, 1],
    [8, 2],
    [34, 4],
    [38, 6],
    [60, 10],
  ])(
    'with alpha %d and sigma %d is as strong as smoothed noise, in every place',
    (alpha, sigma) => {
      const places = [0, 7, 13, 27]
      const squares = places.map(() => 0)
      let cross = 0
      forEachField(alpha, sigma, (dx, dy) => {
        places.forEach((place, i) => {
          squares[i] = (squares[i] ?? 0) + (dx(place, place) ** 2 + dy(place, place) ** 2) / 2
          cross += dx(place, place) * dy(place, place)
        })
      })
      for (const square of squares)
        // 2,000 squares of a nearly normal number scatter by 3 %, their root by half of that
        expect(Math.abs(Math.sqrt(square / FIELDS) / deviationOf(alpha, sigma) - 1)).toBeLessThan(
          0.06,
        )
      const power = squares.reduce((sum, square) => sum + square, 0)
      expect(Math.abs(cross / power)).toBeLessThan(0.1)
    },
  )

  it.each([1, 2, 4, 6])(
    'with sigma %d is as smooth as smoothed noise, across and down',
    (sigma) => {
      // the autocorrelation of noise smoothed with a Gaussian: exp(-d^2 / (4 sigma^2))
      const distances = [1, Math.ceil(sigma / 2), sigma, 2 * sigma, 3 * sigma]
      const sums = distances.map(() => ({ across: 0, down: 0 }))
      let power = 0
      forEachField(1, sigma, (dx) => {
        power += dx(5, 5) ** 2
        distances.forEach((distance, i) => {
          const sum = sums[i] ?? { across: 0, down: 0 }
          sum.across += dx(5, 5) * dx(5, 5 + distance)
          sum.down += dx(5, 5) * dx(5 + distance, 5)
        })
      })
      distances.forEach((distance, i) => {
        const expected = Math.exp(-(distance ** 2) / (4 * sigma ** 2))
        // 1,000 products scatter by 0.03
        expect(Math.abs((sums[i]?.across ?? NaN) / power - expected)).toBeLessThan(0.1)
        expect(Math.abs((sums[i]?.down ?? NaN) / power - expected)).toBeLessThan(0.1)
      })
    },
  )

  it('has at sigma 4 the covariance of noise that is smoothed pixel by pixel', () => {
    // the definition: noise on 28 + 2 * 12 pixels, smoothed with a kernel cut at 12, at three places of a row
    const reach = 12
    const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
      Math.exp(-((i - reach) ** 2) / (2 * 16)),
    )
    const total = kernel.reduce((sum, value) => sum + value, 0)
    const line = (distance: number) =>
      kernel.reduce((sum, value, i) => sum + value * (kernel[i + distance] ?? 0), 0) / total ** 2
    const covariance = (down: number, across: number) => (line(down) * line(across)) / 3
    for (const [down, across] of [
      [0, 0],
      [0, 4],
      [3, 3],
      [6, 2],
    ] as const) {
      let sum = 0
      forEachField(1, 4, (dx, dy) => {
        for (const row of [2, 11, 20])
          for (const col of [2, 13, 22])
            for (const read of [dx, dy]) sum += read(row, col) * read(row + down, col + across)
      })
      const found = sum / (FIELDS * 18)
      expect(Math.abs(found - covariance(down, across))).toBeLessThan(0.05 * covariance(0, 0))
    }
  })

  it('gives the same field for the same words', () => {
    const field = new ElasticField({ alpha: 34, sigma: 4 }, SIDE, SIDE)
    const words = new Uint32Array(field.words + 4).map((_, i) => Math.imul(i, 2654435761))
    field.fill(words, 4)
    const first = field.dx.slice()
    field.fill(words, 0)
    expect(field.dx).not.toEqual(first)
    field.fill(words, 4)
    expect(field.dx).toEqual(first)
  })
})
