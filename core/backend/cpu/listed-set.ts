import type { ImageSet } from '#core/data/dataset'
import type { Arena } from './arena'
import { blockCount, BLOCK_GROUPS, ENTRY_BYTES, GROUP } from './kernels/images'
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
  /** Blocks of pixels whose entries begin at a known place. */
  private readonly blocks: number
  /** [count * blocks + 1] address of the first entry of each block of each image. */
  private readonly begins: Uint32Array

  constructor(arena: Arena, set: ImageSet) {
    this.set = set
    this.features = set.rows * set.cols
    const { buffer } = set.images
    this.fours = new Uint32Array(buffer, 0, Math.floor(buffer.byteLength / 4))
    this.blocks = blockCount(this.features)
    this.begins = new Uint32Array(set.count * this.blocks + 1)
    let filled = 0
    for (let block = 0; block < set.count * this.blocks; block++) {
      this.begins[block] = filled * ENTRY_BYTES
      filled += this.countFilled(Math.floor(block / this.blocks), block % this.blocks)
    }
    this.begins[set.count * this.blocks] = filled * ENTRY_BYTES
    // One more: where the next entry goes, black pixels are written meanwhile.
    this.entries = arena.reserve((filled + 1) * ENTRY_BYTES)
    for (let i = 0; i < this.begins.length; i++)
      this.begins[i] = (this.begins[i] ?? 0) + this.entries
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

  /** Writes where the entries of each block of an image begin, and where the last ones end, to `words` from `at` on. */
  writeRanges(image: number, words: Uint32Array, at: number): void {
    const first = image * this.blocks
    for (let i = 0; i <= this.blocks; i++) words[at + i] = this.begins[first + i] as number
  }

  private countFilled(image: number, block: number): number {
    const { features, fours } = this
    const { images } = this.set
    const from = image * features
    const address = images.byteOffset + from
    const inFours = this.inFours(address)
    const begin = block * BLOCK_GROUPS * GROUP
    const end = Math.min(features, begin + BLOCK_GROUPS * GROUP)
    let filled = 0
    let pixel = begin
    for (; pixel < end && pixel < inFours; pixel += 4)
      filled += bytesFilled(fours[(address + pixel) >> 2] as number)
    for (; pixel < end; pixel++) if (images[from + pixel] !== 0) filled++
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
