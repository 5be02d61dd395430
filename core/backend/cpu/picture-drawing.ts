import type { Arena } from './arena'
import type { Drawing, DrawingPlace } from './augment-drawing'
import { type QuadLayout, quadFunction, quadLayout, sampleFunction } from './kernels/bilinear'
import { at } from './kernels/loops'
import { type Code, sequence } from './wasm/instructions'
import type { ModuleBuilder } from './wasm/module-builder'

/** The kernels write whole words, and those that read distorted images do so in vectors. */
const OVERHANG = 64

/** Distorted pictures as grey levels, of any size. */
export class PictureDrawing implements Drawing {
  readonly scratchBytes: number
  readonly bands = null
  private readonly layout: QuadLayout
  private readonly images: number
  private readonly imageBytes: number

  constructor(arena: Arena, rows: number, cols: number, capacity: number) {
    this.layout = quadLayout(rows, cols)
    this.scratchBytes = this.layout.frameBytes + this.layout.quadBytes
    this.imageBytes = Math.ceil((rows * cols + OVERHANG) / OVERHANG) * OVERHANG
    this.images = arena.reserve(capacity * this.imageBytes)
  }

  /** Address of the distorted image of row `row`. */
  imageAt(row: number): number {
    return this.images + row * this.imageBytes
  }

  emit(module: ModuleBuilder, elastic: boolean) {
    const { layout, images, imageBytes } = this
    const quads = quadFunction(module, layout)
    const sample = sampleFunction(module, layout, elastic)
    return ({ row, source, map, scratch, field }: DrawingPlace, makeField: Code): Code =>
      sequence(
        quads.call(source, scratch(0), scratch(layout.frameBytes)),
        makeField,
        sample.call(scratch(layout.frameBytes), map, field, at(images, row, imageBytes)),
      )
  }

  attach(): void {
    // It has no tables.
  }
}
