import type { AugmentSpec } from '#core/spec/dataset'

export type ElasticSpec = NonNullable<AugmentSpec['elastic']>

/** Pixels of margin in which the field comes round to its other side; MNIST's digits have 4 on each side. */
const MARGIN = 4
/** Grid points per sigma: the smoothed field has nothing finer, so the rest is interpolated. */
const POINTS_PER_SIGMA = 2
const REACH_IN_SIGMAS = 3
/** Standard deviation of noise that is uniform in [-1, 1]. */
const NOISE_STD = Math.sqrt(1 / 3)

/** The two grid points around a pixel and how far it is from the first to the second. */
interface Between {
  readonly first: Uint16Array
  readonly second: Uint16Array
  readonly share: Float64Array
}

/**
 * Displacements of every pixel for elastic distortion: white noise in [-1, 1] smoothed with a Gaussian of sum 1 and
 * multiplied by alpha (Simard, Steinkraus & Platt 2003). The noise lives on a coarse grid that is closed to a ring in
 * both directions, and its strength is set so that the displacements have the standard deviation that noise on every
 * pixel of an endless image would give. Nothing is allocated after construction.
 */
export class ElasticField {
  /** Random words that one field uses up. */
  readonly words: number
  /** [rows * cols] pixels to the right, of the field made last. */
  readonly dx: Float64Array
  /** [rows * cols] pixels down. */
  readonly dy: Float64Array
  private readonly points: number
  private readonly kernel: Float64Array
  private readonly gain: number
  private readonly across: Between
  private readonly down: Between
  /** [points, points, 2] noise and then field, right and down side by side. */
  private readonly grid: Float64Array
  private readonly scratch: Float64Array
  private readonly line: Float64Array

  constructor({ alpha, sigma }: ElasticSpec, rows: number, cols: number) {
    const ring = Math.max(rows, cols) + MARGIN
    this.points = Math.min(ring, Math.round((ring * POINTS_PER_SIGMA) / sigma))
    const spacing = ring / this.points
    this.kernel = halfGaussian(sigma / spacing)
    const wanted = alpha * NOISE_STD * sumOfSquares(halfGaussian(sigma), Infinity)
    this.gain = wanted / (NOISE_STD * sumOfSquares(this.kernel, this.points))
    this.across = between(cols, spacing, this.points)
    this.down = between(rows, spacing, this.points)
    this.words = this.points * this.points
    this.dx = new Float64Array(rows * cols)
    this.dy = new Float64Array(rows * cols)
    this.grid = new Float64Array(2 * this.words)
    this.scratch = new Float64Array(2 * this.words)
    this.line = new Float64Array(2 * (this.points + 2 * this.kernel.length))
  }

  /** Makes dx and dy from `words` words: their lower halves are the noise of dx, their upper halves that of dy. */
  fill(random: Uint32Array, from: number): void {
    const { grid, scratch } = this
    for (let i = 0; i < this.words; i++) {
      const word = random[from + i] as number
      grid[2 * i] = signed(word & 0xffff)
      grid[2 * i + 1] = signed(word >>> 16)
    }
    this.smoothRows(grid, scratch)
    this.smoothRows(scratch, grid)
    this.interpolate()
  }

  /** Smooths along the rows and transposes, so that doing it twice smooths both ways. */
  private smoothRows(from: Float64Array, to: Float64Array): void {
    const { points, kernel, line } = this
    const reach = kernel.length - 1
    const length = points + 2 * reach
    const begin = (points * kernel.length - reach) % points
    const middle = kernel[0] as number
    for (let row = 0; row < points; row++) {
      let column = begin
      for (let i = 0; i < length; i++) {
        const at = 2 * (row * points + column)
        line[2 * i] = from[at] as number
        line[2 * i + 1] = from[at + 1] as number
        column = column + 1 === points ? 0 : column + 1
      }
      for (let i = 0; i < points; i++) {
        const centre = 2 * (i + reach)
        let right = middle * (line[centre] as number)
        let down = middle * (line[centre + 1] as number)
        for (let d = 1; d <= reach; d++) {
          const weight = kernel[d] as number
          const before = centre - 2 * d
          const after = centre + 2 * d
          right += weight * ((line[before] as number) + (line[after] as number))
          down += weight * ((line[before + 1] as number) + (line[after + 1] as number))
        }
        const at = 2 * (i * points + row)
        to[at] = right
        to[at + 1] = down
      }
    }
  }

  private interpolate(): void {
    const { points, gain, across, down, grid, line, dx, dy } = this
    const cols = across.share.length
    const rows = down.share.length
    const width = 2 * points
    for (let y = 0; y < rows; y++) {
      const above = (down.first[y] as number) * width
      const below = (down.second[y] as number) * width
      const shareY = down.share[y] as number
      for (let i = 0; i < width; i++) {
        const value = grid[above + i] as number
        line[i] = gain * (value + shareY * ((grid[below + i] as number) - value))
      }
      for (let x = 0; x < cols; x++) {
        const first = 2 * (across.first[x] as number)
        const second = 2 * (across.second[x] as number)
        const shareX = across.share[x] as number
        const right = line[first] as number
        const lower = line[first + 1] as number
        dx[y * cols + x] = right + shareX * ((line[second] as number) - right)
        dy[y * cols + x] = lower + shareX * ((line[second + 1] as number) - lower)
      }
    }
  }
}

/** 16 bits to (-1, 1), symmetric about 0. */
function signed(bits: number): number {
  return (2 * bits + 1) / 0x10000 - 1
}

/** The middle and one side of a Gaussian whose middle and two sides sum to 1. */
function halfGaussian(sigma: number): Float64Array {
  const half = Float64Array.from({ length: Math.ceil(REACH_IN_SIGMAS * sigma) + 1 }, (_, d) =>
    Math.exp(-(d * d) / (2 * sigma * sigma)),
  )
  const sum = half.reduce((total, value, d) => total + (d === 0 ? value : 2 * value), 0)
  return half.map((value) => value / sum)
}

/** Sum of the squares of the whole kernel, after it was wound round a ring of `points`. */
function sumOfSquares(half: Float64Array, points: number): number {
  const length = Math.min(points, 2 * half.length - 1)
  const wound = new Float64Array(length)
  for (let d = 1 - half.length; d < half.length; d++) {
    const at = (d + length * half.length) % length
    wound[at] = (wound[at] as number) + (half[Math.abs(d)] as number)
  }
  return wound.reduce((total, value) => total + value * value, 0)
}

function between(pixels: number, spacing: number, points: number): Between {
  const positions = Array.from({ length: pixels }, (_, pixel) => pixel / spacing)
  return {
    first: Uint16Array.from(positions, (position) => Math.floor(position) % points),
    second: Uint16Array.from(positions, (position) => (Math.floor(position) + 1) % points),
    share: Float64Array.from(positions, (position) => position - Math.floor(position)),
  }
}
