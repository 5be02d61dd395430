import type { ImageSet } from '#core/data/dataset'
import type { Arena } from './arena'
import { ENTRY_BYTES } from './kernels/images'
import { ROW_BYTES } from './panels'

/** The non-zero pixels of a whole set of images, listed once: what `listPass` would write for each batch anew. */
export class ListedSet {
  private readonly set: ImageSet
  private readonly entries: number
  private readonly features: number
  /** [count + 1] address of each image's first entry. */
  private readonly begins: Uint32Array

  constructor(arena: Arena, set: ImageSet) {
    this.set = set
    this.features = set.rows * set.cols
    this.begins = new Uint32Array(set.count + 1)
    let filled = 0
    for (let image = 0; image < set.count; image++) {
      this.begins[image] = filled * ENTRY_BYTES
      filled += countFilled(set.images, image * this.features, (image + 1) * this.features)
    }
    this.begins[set.count] = filled * ENTRY_BYTES
    this.entries = arena.reserve(filled * ENTRY_BYTES)
    for (let image = 0; image <= set.count; image++)
      this.begins[image] = (this.begins[image] ?? 0) + this.entries
  }

  /** Writes the lists. scale: what a grey level is multiplied by. */
  attach(floats: Float32Array, words: Uint32Array, scale: number): void {
    const { images, count } = this.set
    const factor = Math.fround(scale)
    let at = this.entries / 4
    for (let image = 0; image < count; image++) {
      const from = image * this.features
      for (let i = 0; i < this.features; i++) {
        const level = images[from + i] as number
        if (level === 0) continue
        floats[at] = level * factor
        words[at + 1] = i * ROW_BYTES
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
}

function countFilled(images: Uint8Array, from: number, to: number): number {
  let filled = 0
  for (let i = from; i < to; i++) if (images[i] !== 0) filled++
  return filled
}
