import type { Arena } from './arena'
import type { Drawing, DrawingPlace } from './augment-drawing'
import type { PixelLists } from './input-images'
import { type QuadLayout, quadLayout, VECTOR } from './kernels/bilinear'
import { axisBytes, fieldRowBytes } from './kernels/elastic-field'
import { inkFunction } from './kernels/ink'
import { type GroupLayout, groupFunction, groupLayout } from './kernels/pixel-groups'
import {
  compressionTable,
  COMPRESSION_BYTES,
  sampledListFunction,
  samplerConstants,
} from './kernels/sampled-lists'
import { type Code, sequence } from './wasm/instructions'
import type { ModuleBuilder } from './wasm/module-builder'

/** Distorted pictures as lists of their pixels that are not zero; only what may see ink is looked at. See `drawsInGroups`. */
export class ListDrawing implements Drawing {
  readonly scratchBytes: number
  readonly bands: number
  private readonly layout: QuadLayout
  private readonly groups: GroupLayout
  private readonly lists: PixelLists
  private readonly compression: number
  private readonly constants: number

  constructor(arena: Arena, rows: number, cols: number, lists: PixelLists) {
    this.layout = quadLayout(rows, cols)
    this.groups = groupLayout(rows, cols)
    this.lists = lists
    this.compression = arena.reserve(COMPRESSION_BYTES)
    this.constants = arena.reserve(samplerConstants(rows, cols, this.layout.width, 1).byteLength)
    this.bands = this.layout.quadBytes + this.groups.bytes + VECTOR
    this.scratchBytes = this.bands + rows * VECTOR
  }

  emit(module: ModuleBuilder, elastic: boolean) {
    const { layout, groups, lists, compression, constants, bands } = this
    const { cols, quadBytes } = layout
    const box = quadBytes + groups.bytes
    const ink = inkFunction(module, layout)
    const list = groupFunction(module, groups, elastic ? { rowBytes: fieldRowBytes(cols) } : null)
    const sample = sampledListFunction(
      module,
      groups,
      { compression, constants },
      elastic ? { axisBytes: axisBytes(cols) } : null,
      lists.rows.blocks,
    )
    return ({ row, source, map, scratch, field }: DrawingPlace, makeField: Code): Code =>
      sequence(
        ink.call(source, scratch(0), scratch(box)),
        makeField,
        list.call(map, scratch(box), scratch(bands), scratch(quadBytes)),
        sample.call(
          scratch(0),
          scratch(quadBytes),
          field,
          lists.entriesOf(row),
          lists.rangeOf(row),
        ),
      )
  }

  attach(memory: Int32Array): void {
    const { rows, cols, width } = this.layout
    memory.set(compressionTable(), this.compression / 4)
    memory.set(samplerConstants(rows, cols, width, this.lists.scale), this.constants / 4)
  }
}
