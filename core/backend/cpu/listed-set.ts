import type { ImageSet } from '#core/data/dataset'
import type { Arena } from './arena'
import { ENTRY_BYTES } from './kernels/images'
import { ROW_BYTES } from './panels'

/**
 * The non-zero pixels of a whole set of images, listed once: what `listPass` would write for each batch anew. A training starts when
 * all are listed, so pixels are looked at four at a time, and no branch waits for a single one.
 */
export class ListedSet {
  private readonly set: ImageSet
  private readonly entries: number
  private readonly features: number
  /** Four pixels each, from the start of the images' buffer. */
  private readonly fours: Uint32Array
  /** [count + 1] address of each image's first entry. */
  private readonly begins: Uint32Array

  constructor(arena: Arena, set: ImageSet) {
    this.set = set
    this.features = set.rows * set.cols
    const { buffer } = set.images
    this.fours = new Uint32Array(buffer, 0, Math.floor(buffer.byteLength / 4))
    this.begins = new Uint32Array(set.count + 1)
    let filled = 0
    for (let image = 0; image < set.count; image++) {
      this.begins[image] = filled * ENTRY_BYTES
      filled += this.countFilled(image)
    }
    this.begins[set.count] = filled * ENTRY_BYTES
    // One more: where the next entry goes, black pixels are written meanwhile.
    this.entries = arena.reserve((filled + 1) * ENTRY_BYTES)
    for (let image = 0; image <= set.count; image++)
      this.begins[image] = (this.begins[image] ?? 0) + this.entries
  }

  /** Writes the lists. scale: what a grey level is multiplied by. */
  attach(floats: Float32Array, words: Uint32Array, scale: number): void {
    const { features, fours } = this
    const { images, count } = this.set
    const levels = Float32Array.from({ length: 256 }, (_, level) => level * Math.fround(scale))
    let at = this.entries / 4
    for (let image = 0; image < count; image++) {
      const from = image * features
      const address = images.byteOffset + from
      const inFours = this.inFours(address)
      for (let pixel = 0; pixel < inFours; pixel += 4) {
        if (fours[(address + pixel) >> 2] === 0) continue
        for (let i = pixel; i < pixel + 4; i++) {
          const level = images[from + i] as number
          floats[at] = levels[level] as number
          words[at + 1] = i * ROW_BYTES
          // Two words on where the level is not 0.
          at += ((level + 255) >> 8) << 1
        }
      }
      for (let pixel = inFours; pixel < features; pixel++) {
        const level = images[from + pixel] as number
        if (level === 0) continue
        floats[at] = levels[level] as number
        words[at + 1] = pixel * ROW_BYTES
        at += 2
      }
    }
  }

  begin(image: number): number {
    return this.begins[image] as number
  }

  end(image: number): number {
    return this.begins[image + 1] as number
  }

  private countFilled(image: number): number {
    const { features, fours } = this
    const { images } = this.set
    const from = image * features
    const address = images.byteOffset + from
    const inFours = this.inFours(address)
    let filled = 0
    for (let pixel = 0; pixel < inFours; pixel += 4)
      filled += bytesFilled(fours[(address + pixel) >> 2] as number)
    for (let pixel = inFours; pixel < features; pixel++) if (images[from + pixel] !== 0) filled++
    return filled
  }

  /** How many pixels of an image that starts at `address` of its buffer lie in whole words from its start. */
  private inFours(address: number): number {
    return address % 4 === 0 ? this.features - (this.features % 4) : 0
  }
}

/** How many of the four bytes of a word are not 0. */
function bytesFilled(word: number): number {
  const highs = (((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word) & 0x80808080
  return Math.imul(highs >>> 7, 0x01010101) >>> 24
}
