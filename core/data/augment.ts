import type { AugmentSpec } from '#core/spec/dataset'
import { domains, philoxFill } from '#core/tensor/philox'
import { AFFINE_WORDS, drawAffineMap, MAP_LENGTH, ONE_PIXEL } from './affine-map'
import { ElasticField } from './elastic-field'

/** Sampling knows a position to 1/128 pixel: products of grey levels and shares then fit into 16 bits. */
export const SHARE_BITS = 7

/**
 * Distorts training images as they are needed: affine (shift, rotate, scale, shear about the centre) and elastic,
 * sampled bilinearly, black outside. What becomes of an image depends on the seed, the epoch and the image's index and
 * on nothing else: philox.ts draws with stream = index and step = epoch. Once a map is drawn, all is done in integers;
 * `AugmentPass` in core/backend/cpu gets the same bits in a twentieth of the time. Nothing is allocated per image.
 */
export class Augmenter {
  readonly spec: AugmentSpec
  readonly seed: number
  readonly rows: number
  readonly cols: number
  readonly field: ElasticField | null
  private readonly random: Uint32Array
  private readonly map = new Int32Array(MAP_LENGTH)
  /** [rows + 3, cols + 2] the source within a black frame, and a row that shares of 0 look at. */
  private readonly framed: Uint8Array

  constructor(spec: AugmentSpec, seed: number, rows: number, cols: number) {
    this.spec = spec
    this.seed = seed
    this.rows = rows
    this.cols = cols
    this.field = spec.elastic === null ? null : new ElasticField(spec.elastic, rows, cols)
    this.random = new Uint32Array(AFFINE_WORDS + (this.field?.words ?? 0))
    this.framed = new Uint8Array((rows + 3) * (cols + 2))
  }

  /** Writes image `index` of `images`, as `epoch` sees it, to `out` from `at`. */
  augmentInto(out: Uint8Array, at: number, images: Uint8Array, index: number, epoch: number): void {
    const { spec, seed, rows, cols, random, field, map } = this
    philoxFill(random, { seed, domain: domains.augmentation, stream: index, step: epoch })
    drawAffineMap(map, 0, spec, random, 0, rows, cols)
    field?.fill(random, AFFINE_WORDS)
    this.frame(images, index * this.rows * this.cols)
    this.sample(out, at)
  }

  private frame(images: Uint8Array, from: number): void {
    const { rows, cols, framed } = this
    for (let y = 0; y < rows; y++) {
      const start = (y + 1) * (cols + 2) + 1
      for (let x = 0; x < cols; x++) framed[start + x] = images[from + y * cols + x] as number
    }
  }

  /** Each pixel takes what lies where the inverse of its affine map, and then the field, point to. */
  private sample(out: Uint8Array, at: number): void {
    const { rows, cols, framed, field, map } = this
    const [xx = 0, xy = 0, yx = 0, yy = 0, u0 = 0, v0 = 0] = map
    const right = (cols + 1) * ONE_PIXEL
    const bottom = (rows + 1) * ONE_PIXEL
    // Positions are rounded to shares, not cut.
    const half = ONE_PIXEL >> (SHARE_BITS + 1)
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < cols; x++) {
        const pixel = y * cols + x
        let u = u0 + y * xy + x * xx + half
        let v = v0 + y * yy + x * yx + half
        if (field !== null) {
          u += field.dx[pixel] as number
          v += field.dy[pixel] as number
        }
        u = Math.max(0, Math.min(right, u))
        v = Math.max(0, Math.min(bottom, v))
        out[at + pixel] = bilinear(framed, cols + 2, u, v)
      }
  }
}

/** The grey level at column u, row v between four pixels, in 1/65536 pixel. */
function bilinear(values: Uint8Array, width: number, u: number, v: number): number {
  const i = (v >> 16) * width + (u >> 16)
  const topLeft = values[i] as number
  const bottomLeft = values[i + width] as number
  const one = 2 ** SHARE_BITS
  const shareX = (u & 0xffff) >> (16 - SHARE_BITS)
  const shareY = (v & 0xffff) >> (16 - SHARE_BITS)
  const top = one * topLeft + shareX * ((values[i + 1] as number) - topLeft)
  const bottom = one * bottomLeft + shareX * ((values[i + width + 1] as number) - bottomLeft)
  const sum = one * top + shareY * (bottom - top)
  return (sum + (1 << (2 * SHARE_BITS - 1))) >> (2 * SHARE_BITS)
}
