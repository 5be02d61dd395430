/* From grey levels to the first layer's operand: dense panels, or lists of the pixels that are not zero. */
import { type PanelMatrix, PANEL, ROW_BYTES } from '../panels'
import { type Code, control, f32, i32, i8x16, sequence, v128 } from '../wasm/instructions'
import type { ModuleBuilder } from '../wasm/module-builder'
import { at, countUp, smaller } from './loops'

/** Pixels that are looked at together. */
export const GROUP = 16
const CACHE_LINE = 64
/** Bytes of one entry: value as float32, byte offset of the row that it multiplies. */
export const ENTRY_BYTES = 8

/** Where the pixels of a batch come from: `addresses` holds one uint32 address per row of the batch. */
export interface ImageSource {
  readonly addresses: number
  readonly features: number
}

/**
 * X [batch, in] := table[pixel]. `table` is the address of 256 float32. Exports `name`(first row, end row); the columns of the
 * padding get the values of whatever follows the image, their weights are zero.
 */
export function packPass(
  module: ModuleBuilder,
  name: string,
  source: ImageSource,
  table: number,
  to: PanelMatrix,
): void {
  const f = module.function(['i32', 'i32'], name)
  const row = f.local('i32')
  const from = f.local('i32')
  const end = f.local('i32')
  const target = f.local('i32')
  f.emit(
    countUp(
      row,
      f.parameter(0).get,
      f.parameter(1).get,
      1,
      sequence(
        from.set(i32.load(at(source.addresses, row.get, 4))),
        end.set(i32.add(from.get, i32.const(source.features))),
        target.set(at(to.address, row.get, ROW_BYTES)),
        countUp(
          from,
          from.get,
          end.get,
          PANEL,
          sequence(
            ...Array.from({ length: PANEL }, (_, i) =>
              f32.store(
                target.get,
                f32.load(i32.shl(i32.load8u(from.get, i), i32.const(2)), table),
                i * 4,
              ),
            ),
            target.set(i32.add(target.get, i32.const(to.stride))),
          ),
        ),
      ),
    ),
  )
}

/** The pixels that are not zero, row by row, in the order of the pixels. */
export interface SparseRows {
  /** Address of [batch][blocks + 1] uint32: where the entries of each block of a row's pixels begin, and where the last ones end. */
  readonly ranges: number
  /** Groups of pixels in a row. */
  readonly groups: number
  readonly blocks: number
}

/** Groups of a block: 208 pixels. Their weights for 6 panels are 39 KB, of which the edge of a picture never uses all. */
export const BLOCK_GROUPS = 13
/** Rows of a block: 6 panels of their gradients are 24 KB. */
export const BLOCK_ROWS = 128

/** Room for the lists of a batch. */
export interface ListSpace {
  readonly entries: number
  /** Bytes from one row's room to the next. */
  readonly rowBytes: number
}

/** Bytes of one row's ranges. */
export function rangeBytes({ blocks }: Pick<SparseRows, 'blocks'>): number {
  return (blocks + 1) * 4
}

/** Address of a row's first entry, and of the end of its entries. */
function rangeOf(rows: SparseRows, row: Code): { readonly begin: Code; readonly end: Code } {
  const range = at(rows.ranges, row, rangeBytes(rows))
  return { begin: i32.load(range), end: i32.load(range, rows.blocks * 4) }
}

export function groupCount(features: number): number {
  return Math.ceil(features / GROUP)
}

export function blockCount(features: number): number {
  return Math.ceil(groupCount(features) / BLOCK_GROUPS)
}

/** Lists each row's pixels, times `scale`, with the offsets of the weights' rows. Exports `name`(first row, end row). */
export function listPass(
  module: ModuleBuilder,
  name: string,
  source: ImageSource,
  scale: number,
  to: SparseRows,
  space: ListSpace,
): void {
  const f = module.function(['i32', 'i32'], name)
  const row = f.local('i32')
  const from = f.local('i32')
  const entry = f.local('i32')
  const mask = f.local('i32')
  const pixel = f.local('i32')
  const column = f.local('i32')
  const range = f.local('i32')
  const nextBlock = f.local('i32')
  const last = source.features % GROUP
  const list = control.while(
    mask.get,
    sequence(
      pixel.set(i32.add(column.get, i32.ctz(mask.get))),
      mask.set(i32.and(mask.get, i32.sub(mask.get, i32.const(1)))),
      f32.store(
        entry.get,
        f32.mul(f32.convertI32u(i32.load8u(i32.add(from.get, pixel.get))), f32.const(scale)),
      ),
      i32.store(entry.get, i32.shl(pixel.get, i32.const(5)), 4),
      entry.set(i32.add(entry.get, i32.const(ENTRY_BYTES))),
    ),
  )
  const mark = control.if(
    i32.eq(column.get, nextBlock.get),
    sequence(
      i32.store(range.get, entry.get),
      range.set(i32.add(range.get, i32.const(4))),
      nextBlock.set(i32.add(nextBlock.get, i32.const(BLOCK_GROUPS * GROUP))),
    ),
  )
  const group = (bits: Code): Code => sequence(mark, mask.set(bits), list)
  const notZero = i8x16.bitmask(
    i8x16.ne(v128.load(i32.add(from.get, column.get)), i8x16.splat(i32.const(0))),
  )
  f.emit(
    countUp(
      row,
      f.parameter(0).get,
      f.parameter(1).get,
      1,
      sequence(
        from.set(i32.load(at(source.addresses, row.get, 4))),
        entry.set(at(space.entries, row.get, space.rowBytes)),
        range.set(at(to.ranges, row.get, rangeBytes(to))),
        nextBlock.set(i32.const(0)),
        countUp(column, i32.const(0), i32.const(source.features - last), GROUP, group(notZero)),
        last === 0 ? [] : group(i32.and(notZero, i32.const((1 << last) - 1))),
        i32.store(range.get, entry.get),
      ),
    ),
  )
}

/** The same entries, pixel by pixel, apart for each BLOCK_ROWS rows of the batch. */
export interface SparseColumns {
  /** Address of the entries; those of a group of pixels begin at `groupBytes` times its number. */
  readonly entries: number
  readonly groupBytes: number
  /** Addresses of [groups * 16] uint32: where the entries of each pixel begin and end. */
  readonly begins: number
  readonly ends: number
  /** Bytes from the entries, and from the begins and ends, of one block of rows to those of the next. */
  readonly entriesStride: number
  readonly tableStride: number
}

/**
 * Sorts the entries by pixel; offsets are those of rows of the batch. Exports `name`(first group, end group, rows).
 */
export function sortPass(
  module: ModuleBuilder,
  name: string,
  rows: SparseRows,
  to: SparseColumns,
): void {
  const f = module.function(['i32', 'i32', 'i32'], name)
  const [firstGroup, endGroup, rowCount] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const firstRow = f.local('i32')
  const endRow = f.local('i32')
  const table = f.local('i32')
  const entries = f.local('i32')
  const row = f.local('i32')
  const entry = f.local('i32')
  const end = f.local('i32')
  const pixel = f.local('i32')
  const count = f.local('i32')
  const place = f.local('i32')
  const limit = f.local('i32')
  const slot = i32.add(table.get, i32.shrU(i32.load(entry.get, 4), i32.const(3)))
  /** Moves `entry` to the first entry at or behind `offset`. */
  const skipTo = (offset: Code): Code =>
    sequence(
      place.set(end.get),
      control.while(
        i32.ltU(entry.get, place.get),
        sequence(
          pixel.set(
            i32.add(
              entry.get,
              i32.and(i32.shrU(i32.sub(place.get, entry.get), i32.const(1)), i32.const(-8)),
            ),
          ),
          control.if(
            i32.ltU(i32.load(pixel.get, 4), offset),
            entry.set(i32.add(pixel.get, i32.const(ENTRY_BYTES))),
            place.set(pixel.get),
          ),
        ),
      ),
    )
  const overEntries = (body: Code): Code =>
    countUp(
      row,
      firstRow.get,
      endRow.get,
      1,
      sequence(
        entry.set(rangeOf(rows, row.get).begin),
        end.set(rangeOf(rows, row.get).end),
        control.if(firstGroup.get, skipTo(i32.mul(firstGroup.get, i32.const(GROUP * ROW_BYTES)))),
        control.while(
          i32.and(i32.ltU(entry.get, end.get), i32.ltU(i32.load(entry.get, 4), limit.get)),
          sequence(body, entry.set(i32.add(entry.get, i32.const(ENTRY_BYTES)))),
        ),
      ),
    )
  const overPixels = (body: Code): Code =>
    countUp(
      pixel,
      i32.add(table.get, i32.mul(firstGroup.get, i32.const(GROUP * 4))),
      i32.add(table.get, i32.mul(endGroup.get, i32.const(GROUP * 4))),
      4,
      body,
    )
  /** Asks for all lines at once: read one after the other below, each would be waited for. */
  const fetch = countUp(
    row,
    i32.const(0),
    rowCount.get,
    1,
    sequence(
      entry.set(rangeOf(rows, row.get).begin),
      end.set(rangeOf(rows, row.get).end),
      countUp(
        entry,
        entry.get,
        end.get,
        CACHE_LINE,
        place.set(i32.or(place.get, i32.load(entry.get))),
      ),
    ),
  )
  const sortRows = sequence(
    overPixels(i32.store(pixel.get, i32.const(0), to.ends)),
    overEntries(
      sequence(
        place.set(slot),
        i32.store(
          place.get,
          i32.add(i32.load(place.get, to.ends), i32.const(ENTRY_BYTES)),
          to.ends,
        ),
      ),
    ),
    place.set(i32.add(entries.get, at(to.entries, firstGroup.get, to.groupBytes))),
    overPixels(
      sequence(
        count.set(i32.load(pixel.get, to.ends)),
        i32.store(pixel.get, place.get, to.begins),
        i32.store(pixel.get, place.get, to.ends),
        place.set(i32.add(place.get, count.get)),
      ),
    ),
    overEntries(
      sequence(
        pixel.set(slot),
        place.set(i32.load(pixel.get, to.ends)),
        f32.store(place.get, f32.load(entry.get)),
        i32.store(place.get, i32.shl(row.get, i32.const(5)), 4),
        i32.store(pixel.get, i32.add(place.get, i32.const(ENTRY_BYTES)), to.ends),
      ),
    ),
  )
  f.emit(
    fetch,
    i32.store(i32.mul(firstGroup.get, i32.const(GROUP * 4)), place.get, to.begins),
    limit.set(i32.mul(endGroup.get, i32.const(GROUP * ROW_BYTES))),
    countUp(
      firstRow,
      i32.const(0),
      rowCount.get,
      BLOCK_ROWS,
      sequence(
        smaller(endRow, i32.add(firstRow.get, i32.const(BLOCK_ROWS)), rowCount.get),
        sortRows,
        table.set(i32.add(table.get, i32.const(to.tableStride))),
        entries.set(i32.add(entries.get, i32.const(to.entriesStride))),
      ),
    ),
  )
}
