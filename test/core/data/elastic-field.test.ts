import { describe, expect, it } from 'vitest'
import { ElasticField } from '#core/data/elastic-field'
import { domains, philoxFill } from '#core/tensor/philox'

const SIDE = 28
const FIELDS = 400

/** Standard deviation of dx and dy, and the correlation of dx between pixels `apart` columns away from each other. */
function measure(alpha: number, sigma: number, apart: number) {
  const field = new ElasticField({ alpha, sigma }, SIDE, SIDE)
  const words = new Uint32Array(Math.ceil(field.words / 4) * 4)
  let [xx, yy, xy, neighbours, n] = [0, 0, 0, 0, 0]
  for (let step = 0; step < FIELDS; step++) {
    philoxFill(words, { seed: 0, domain: domains.augmentation, stream: 0, step })
    field.fill(words, 0)
    field.dx.forEach((dx, i) => {
      const dy = field.dy[i] ?? 0
      if ((i % SIDE) + apart >= SIDE) return
      xx += dx * dx
      yy += dy * dy
      xy += dx * dy
      neighbours += dx * (field.dx[i + apart] ?? 0)
      n += 1
    })
  }
  return {
    stdX: Math.sqrt(xx / n),
    stdY: Math.sqrt(yy / n),
    cross: xy / Math.sqrt(xx * yy),
    correlation: neighbours / xx,
  }
}

describe('ElasticField', () => {
  it.each([
    [8, 1],
    [8, 2],
    [34, 4],
    [38, 6],
    [60, 10],
  ])('with alpha %d and sigma %d is as strong as smoothed noise on every pixel', (alpha, sigma) => {
    // uniform noise has deviation 1/sqrt(3); a Gaussian's squares sum to 1/(4 pi sigma^2)
    const expected = alpha / Math.sqrt(3) / (2 * Math.sqrt(Math.PI) * sigma)
    const { stdX, stdY, cross } = measure(alpha, sigma, 0)
    // the coarse grid loses up to 4 %, a cut Gaussian of sigma 1 differs by 1 %, 400 fields scatter
    expect(Math.abs(stdX / expected - 1)).toBeLessThan(0.1)
    expect(Math.abs(stdY / expected - 1)).toBeLessThan(0.1)
    // a wide Gaussian leaves few independent values in each of the 400 fields
    expect(Math.abs(cross)).toBeLessThan(0.2)
  })

  it.each([2, 4])('with sigma %d is smooth over that many pixels', (sigma) => {
    // the autocorrelation of noise smoothed with a Gaussian: exp(-d^2 / (4 sigma^2))
    const { correlation } = measure(1, sigma, sigma)
    expect(correlation).toBeCloseTo(Math.exp(-1 / 4), 1)
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
