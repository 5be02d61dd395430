import type { AugmentSpec } from '#core/spec/dataset'
import { domains, philoxFill } from '#core/tensor/philox'
import { ElasticField } from './elastic-field'

/** Words at the front of an image's draw that decide its affine map; those of the elastic field follow. */
const AFFINE_WORDS = 8
const RADIANS = Math.PI / 180

/**
 * Distorts training images as they are needed: affine (shift, rotate, scale, shear about the centre) and elastic,
 * sampled bilinearly, black outside. What becomes of an image depends on the seed, the epoch and the image's index and
 * on nothing else: philox.ts draws with stream = index and step = epoch. Nothing is allocated per image.
 */
export class Augmenter {
  private readonly spec: AugmentSpec
  private readonly seed: number
  private readonly rows: number
  private readonly cols: number
  private readonly field: ElasticField | null
  private readonly random: Uint32Array
  /** [(rows + 2) * (cols + 2)] the source within a black frame. */
  private readonly framed: Float64Array

  constructor(spec: AugmentSpec, seed: number, rows: number, cols: number) {
    this.spec = spec
    this.seed = seed
    this.rows = rows
    this.cols = cols
    this.field = spec.elastic === null ? null : new ElasticField(spec.elastic, rows, cols)
    const words = AFFINE_WORDS + (this.field?.words ?? 0)
    this.random = new Uint32Array(Math.ceil(words / 4) * 4)
    this.framed = new Float64Array((rows + 2) * (cols + 2))
  }

  /** Writes image `index` of `images`, as `epoch` sees it, to `out` from `at`. */
  augmentInto(out: Uint8Array, at: number, images: Uint8Array, index: number, epoch: number): void {
    const { seed, random, field } = this
    philoxFill(random, { seed, domain: domains.augmentation, stream: index, step: epoch })
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
    const { rows, cols, framed, field } = this
    const { shift, rotate, scale, shear } = this.spec
    const angle = this.within(rotate * RADIANS, 0)
    const lean = Math.tan(this.within(shear * RADIANS, 1))
    const perWidth = 1 / (1 + this.within(scale, 2))
    const perHeight = 1 / (1 + this.within(scale, 3))
    const centreX = (cols - 1) / 2
    const centreY = (rows - 1) / 2
    const shiftX = this.within(shift, 4) + centreX
    const shiftY = this.within(shift, 5) + centreY
    const cos = Math.cos(angle)
    const sin = Math.sin(angle)
    // Inverse of rotate * shear * scale, for the frame's coordinates, which begin one pixel earlier.
    const xx = perWidth * (cos + lean * sin)
    const xy = perWidth * (sin - lean * cos)
    const yx = -perHeight * sin
    const yy = perHeight * cos
    for (let y = 0; y < rows; y++) {
      const fromY = y - shiftY
      for (let x = 0; x < cols; x++) {
        const pixel = y * cols + x
        const fromX = x - shiftX
        let u = xx * fromX + xy * fromY + centreX + 1
        let v = yx * fromX + yy * fromY + centreY + 1
        if (field !== null) {
          u += field.dx[pixel] as number
          v += field.dy[pixel] as number
        }
        out[at + pixel] =
          u >= 0 && v >= 0 && u < cols + 1 && v < rows + 1 ? bilinear(framed, cols + 2, u, v) : 0
      }
    }
  }

  /** Uniform in [-bound, bound), by word number `word`. */
  private within(bound: number, word: number): number {
    return bound * ((this.random[word] as number) / 0x80000000 - 1)
  }
}

/** The value at column u, row v between four pixels, rounded to a grey level. */
function bilinear(values: Float64Array, width: number, u: number, v: number): number {
  const column = Math.floor(u)
  const row = Math.floor(v)
  const shareX = u - column
  const i = row * width + column
  const topLeft = values[i] as number
  const bottomLeft = values[i + width] as number
  const top = topLeft + shareX * ((values[i + 1] as number) - topLeft)
  const bottom = bottomLeft + shareX * ((values[i + width + 1] as number) - bottomLeft)
  return Math.floor(top + (v - row) * (bottom - top) + 0.5)
}
