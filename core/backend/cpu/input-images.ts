/* The batch at the entrance of the network: where its images lie, and in which form the first layer takes them. */
import type { ImageSet } from '#core/data/dataset'
import type { NormalizeSpec } from '#core/spec/dataset'
import type { Arena } from './arena'
import {
  blockCount,
  BLOCK_ROWS,
  ENTRY_BYTES,
  GROUP,
  type ImageSource,
  type ListSpace,
  type SparseColumns,
  type SparseRows,
  groupCount,
  listPass,
  packPass,
  rangeBytes,
  sortPass,
} from './kernels/images'
import { at } from './kernels/loops'
import type { PanelMatrix } from './panels'
import { type Call, part, type Program, type Share } from './program'
import type { Code } from './wasm/instructions'
import type { ModuleBuilder } from './wasm/module-builder'

/** Share of pixels that are not zero up to which lists of them are faster than dense panels. */
const SPARSE_BELOW = 0.5
/** Larger batches would need lists of gigabytes in the worst case. */
const LISTS_UP_TO = 1024
/** Images looked at to measure the density. */
const SAMPLE = 2000

/** The batch as lists of its non-zero pixels, for the sparse products. */
export class PixelLists {
  readonly rows: SparseRows
  readonly columns: SparseColumns
  /** x = scale * pixel + shift */
  readonly shift: number
  readonly scale: number
  private readonly source: ImageSource
  private readonly space: ListSpace

  constructor(arena: Arena, source: ImageSource, capacity: number, normalize: NormalizeSpec) {
    const groups = groupCount(source.features)
    const width = groups * GROUP
    this.source = source
    this.scale = 1 / (255 * normalize.std)
    this.shift = -normalize.mean / normalize.std
    const blocks = blockCount(source.features)
    this.rows = { ranges: arena.reserve(capacity * rangeBytes({ blocks })), groups, blocks }
    const rowBytes = width * ENTRY_BYTES + 64
    this.space = { entries: arena.reserve(capacity * rowBytes), rowBytes }
    const rowBlocks = Math.ceil(capacity / BLOCK_ROWS)
    const groupBytes = GROUP * Math.min(capacity, BLOCK_ROWS) * ENTRY_BYTES
    this.columns = {
      entries: arena.reserve(rowBlocks * groups * groupBytes),
      groupBytes,
      begins: arena.reserve(rowBlocks * width * 4),
      ends: arena.reserve(rowBlocks * width * 4),
      entriesStride: groups * groupBytes,
      tableStride: width * 4,
    }
  }

  emit(module: ModuleBuilder): void {
    listPass(module, 'list', this.source, this.scale, this.rows, this.space)
    sortPass(module, 'sort', this.rows, this.columns)
  }

  /** Address of row `row`'s room for entries. */
  entriesOf(row: Code): Code {
    return at(this.space.entries, row, this.space.rowBytes)
  }

  /** Address of the words that say where its blocks of entries begin, and where the last one ends. */
  rangeOf(row: Code): Code {
    return at(this.rows.ranges, row, rangeBytes(this.rows))
  }

  addTo(program: Program, join: boolean): void {
    program.onTeam((share) => [{ kernel: 'list', operands: part(share.rows, share) }], join)
  }

  sortCalls(share: Share): readonly Call[] {
    return [{ kernel: 'sort', operands: [...part(this.rows.groups, share), share.rows] }]
  }
}

/** The batch as normalised dense panels. */
export class DensePixels {
  readonly matrix: PanelMatrix
  private readonly source: ImageSource
  /** Address of the value of each grey level. */
  private readonly table: number

  constructor(source: ImageSource, table: number, matrix: PanelMatrix) {
    this.source = source
    this.table = table
    this.matrix = matrix
  }

  emit(module: ModuleBuilder): void {
    packPass(module, 'pack', this.source, this.table, this.matrix)
  }

  addTo(program: Program, join: boolean): void {
    program.onTeam((share) => [{ kernel: 'pack', operands: part(share.rows, share) }], join)
  }
}

/** Whether lists of pixels pay: measured on the training images. */
export function prefersLists(set: ImageSet, capacity: number): boolean {
  if (capacity > LISTS_UP_TO) return false
  const pixels = set.rows * set.cols
  const step = Math.max(1, Math.floor(set.count / SAMPLE))
  let filled = 0
  let seen = 0
  for (let image = 0; image < set.count; image += step) {
    for (let i = image * pixels; i < (image + 1) * pixels; i++) if (set.images[i] !== 0) filled++
    seen += pixels
  }
  return filled < SPARSE_BELOW * seen
}
