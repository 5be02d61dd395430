import type { AugmentSpec } from '#core/spec/dataset'
import { ONE_PIXEL } from './affine-map'

export type ElasticSpec = NonNullable<AugmentSpec['elastic']>

/** Opposite edges of the picture are this many sigmas apart on the ring, where their correlation is exp(-9/4). */
const MARGIN_IN_SIGMAS = 3
/** Share of a line's variance that harmonics may carry which are left out. */
const NEGLIGIBLE = 0.005
/** Ranks come in whole vectors of 16-bit numbers. */
const RANK_UNIT = 8
/** Standard deviation of noise that is uniform in [-1, 1]. */
const NOISE_STD = Math.sqrt(1 / 3)
const LARGEST = 0x7fff

/**
 * Displacements of every pixel for elastic distortion: white noise in [-1, 1] smoothed with a Gaussian of sum 1 and
 * multiplied by alpha (Simard, Steinkraus & Platt 2003).
 *
 * Such a field is so smooth that few numbers decide it. On a ring of P pixels, smoothed noise has the correlation
 *   R(d) = sum over k of c(k) cos(2 pi k d / P),   c(k) in proportion to exp(-(2 pi k sigma / P)^2)
 * and sigma 4 leaves seven harmonics (sines and cosines) of a line of MNIST with more than nothing. With V [pixels, rank] these
 * harmonics times sqrt(c), and Z [rank, rank] white noise, gain * V Z V' has in both directions the covariance that the
 * definition gives, and everywhere the deviation of noise on every pixel of an endless image.
 *
 * All numbers are 16-bit fixed point, their sums 32-bit, so that a kernel gets the same bits in any order. Nothing is allocated
 * after construction.
 */
export class ElasticField {
  /** Harmonics in each direction, a multiple of 8. */
  readonly rank: number
  /** Random words that one field uses up: rank^2. */
  readonly words: number
  /** [rows, rank / 2] two harmonics in each word, the earlier one in the lower half; what multiplies Z from the left. */
  readonly down: Int32Array
  /** [rank / 2, cols rounded up to 4] the same for columns, gain included. */
  readonly across: Int32Array
  /** V Z, and the field, are shifted right by so many bits. */
  readonly lineShift: number
  readonly fieldShift: number
  /** [rows * cols] 1/65536 pixels to the right, of the field made last. */
  readonly dx: Int32Array
  /** [rows * cols] 1/65536 pixels down. */
  readonly dy: Int32Array
  private readonly rows: number
  private readonly cols: number
  private readonly line: Int32Array

  constructor({ alpha, sigma }: ElasticSpec, rows: number, cols: number) {
    const ring = Math.max(rows, cols) + MARGIN_IN_SIGMAS * sigma
    const weights = harmonicWeights(ring, sigma)
    const used = 2 * weights.length - 1
    this.rank = Math.ceil(used / RANK_UNIT) * RANK_UNIT
    this.words = this.rank * this.rank
    this.rows = rows
    this.cols = cols
    // |V| = 1 and |z| <= sqrt(3) in units of its deviation bound the sums below 2^31.
    const noiseBits = Math.floor(16 - Math.log2(Math.sqrt(3 * used)))
    const lineBits = Math.floor(16 - Math.log2(Math.sqrt(3) * used))
    // z has the deviation 2^15 / sqrt(3).
    this.down = packed(rows, this.rank, 1, (y, j) =>
      Math.round(harmonic(weights, ring, y, j) * Math.sqrt(3) * 2 ** noiseBits),
    )
    this.lineShift = noiseBits + 15 - lineBits
    // Larger displacements than 2^lineBits / 2 pixels leave any picture.
    const gain = Math.min(alpha * NOISE_STD * rootOfSquares(sigma), 2 ** (lineBits - 1))
    const gainBits = Math.min(20, Math.floor(Math.log2(LARGEST / Math.max(gain, 1e-9))))
    this.across = packed(cols, this.rank, 4, (x, j) =>
      Math.round(harmonic(weights, ring, x, j) * gain * 2 ** gainBits),
    )
    this.fieldShift = lineBits + gainBits - Math.log2(ONE_PIXEL)
    this.dx = new Int32Array(rows * cols)
    this.dy = new Int32Array(rows * cols)
    this.line = new Int32Array(this.rank)
  }

  /**
   * Makes dx and dy from `words` words, the first half for dx: word [i, j] of rank / 2 x rank holds Z[2i, j] in its lower half and
   * Z[2i + 1, j] in its upper one, signed.
   */
  fill(random: Uint32Array, from: number): void {
    for (let y = 0; y < this.rows; y++) {
      this.fillRow(this.dx, y, random, from)
      this.fillRow(this.dy, y, random, from + this.words / 2)
    }
  }

  private fillRow(out: Int32Array, y: number, random: Uint32Array, from: number): void {
    const { rank, cols, line, down, across, lineShift, fieldShift } = this
    const pairs = rank / 2
    for (let j = 0; j < rank; j++) {
      let sum = 0
      for (let i = 0; i < pairs; i++)
        sum += dot(down[y * pairs + i] as number, random[from + i * rank + j] as number)
      line[j] = Math.max(-LARGEST - 1, Math.min(LARGEST, (sum | 0) >> lineShift))
    }
    const width = across.length / pairs
    for (let x = 0; x < cols; x++) {
      let sum = 0
      for (let i = 0; i < pairs; i++) {
        const pair = across[i * width + x] as number
        sum += ((pair << 16) >> 16) * (line[2 * i] as number)
        sum += (pair >> 16) * (line[2 * i + 1] as number)
      }
      out[y * cols + x] = (sum | 0) >> fieldShift
    }
  }
}

/** Products of the lower and of the upper signed halves, added. */
function dot(a: number, b: number): number {
  return ((a << 16) >> 16) * ((b << 16) >> 16) + (a >> 16) * (b >> 16)
}

/** c(0), c(1), ... as far as they count, of sum 1. */
function harmonicWeights(ring: number, sigma: number): Float64Array {
  const all = Float64Array.from({ length: Math.ceil(ring / 2) }, (_, k) => {
    const decay = (2 * Math.PI * k * sigma) / ring
    return (k === 0 ? 1 : 2) * Math.exp(-decay * decay)
  })
  const total = all.reduce((sum, value) => sum + value, 0)
  let kept = 0
  let count = 0
  while (count < all.length && kept < (1 - NEGLIGIBLE) * total) kept += all[count++] ?? 0
  return all.slice(0, count).map((value) => value / kept)
}

/** V[x, j]: the constant, then cosine and sine of each harmonic; 0 behind the last one. */
function harmonic(weights: Float64Array, ring: number, x: number, j: number): number {
  const k = Math.ceil(j / 2)
  const phase = (2 * Math.PI * k * x) / ring
  return Math.sqrt(weights[k] ?? 0) * (j % 2 === 1 ? Math.sin(phase) : Math.cos(phase))
}

/**
 * Values of (pixel, j), two neighbours j in a word. unit 1: [pixels, rank / 2]; else [rank / 2, pixels rounded up to units].
 */
function packed(
  pixels: number,
  rank: number,
  unit: number,
  value: (pixel: number, j: number) => number,
): Int32Array {
  const pairs = rank / 2
  const width = Math.ceil(pixels / unit) * unit
  const words = new Int32Array(width * pairs)
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let i = 0; i < pairs; i++) {
      const word = (value(pixel, 2 * i) & 0xffff) | (value(pixel, 2 * i + 1) << 16)
      words[unit === 1 ? pixel * pairs + i : i * width + pixel] = word
    }
  return words
}

/** Root of the sum of the squares of a Gaussian of sum 1, in two dimensions: the deviation of unit noise smoothed with it. */
function rootOfSquares(sigma: number): number {
  const reach = Math.ceil(5 * sigma)
  let sum = 0
  let squares = 0
  for (let d = -reach; d <= reach; d++) {
    const value = Math.exp(-(d * d) / (2 * sigma * sigma))
    sum += value
    squares += value * value
  }
  return squares / (sum * sum)
}
