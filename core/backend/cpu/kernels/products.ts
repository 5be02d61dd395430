/* The products of a Linear layer's forward pass and of its input's gradient over panels, blocked for the caches. */
import { type PanelMatrix, PANEL, panelCount, ROW_BYTES } from '../panels'
import { type Code, i32, sequence } from '../wasm/instructions'
import type { FunctionBuilder, ModuleBuilder } from '../wasm/module-builder'
import { at, countUp, smaller, tileRows } from './loops'
import { type PackedKernels, packRows } from './packing'
import type { SimdTarget } from './target'
import { rowTile } from './tile'

/** Longest shared dimension of one pass: a panel (8 KB) and a strip of rows (6 KB) stay in the first-level cache. */
export const DEPTH = 256
/**
 * The same where the left operand is read in place: each panel of it is a stretch of memory of its own, and processors fetch ahead of
 * some 16 of them.
 */
const UNPACKED_DEPTH = 64
/** Rows of the left operand that stay in the second-level cache over all panels (192 KB). */
const ROW_BLOCK = 192
/** Rows of a weight gradient that are updated together. */
export const STRIP = 96
/** Panels of the right operand from which on packing the left one pays: it is then read that often. */
export const PACK_FROM = 8
/** Strips that one block of STRIP columns has at most: of 6, then of 4, and two of what is left. */
const COLUMN_STRIPS = 20

/** What products share. */
export interface Constants {
  /** Address of 64 zero bytes, which start a product without bias. */
  readonly zeros: number
  readonly packed: PackedKernels
}

interface Depth {
  readonly from: number
  readonly to: number
}

const PAGE = 4096

/** Bytes of scratch that a product needs, in whole pages: no two threads write to the same one. rows: of the largest batch. */
export function productScratch(rows: number): number {
  const packed = Math.max(ROW_BLOCK * DEPTH * 4, COLUMN_STRIPS * rows * 24)
  return Math.ceil((STRIP * ROW_BYTES + packed + 64) / PAGE) * PAGE
}

/** Blocks of the shared dimension: fixed by the shape alone, so that sums do not depend on threads or tiles. */
function depthBlocks(depth: number, longest: number): Depth[] {
  const count = Math.ceil(depth / longest)
  const size = Math.ceil(depth / count / PANEL) * PANEL
  return Array.from({ length: count }, (_, i) => ({
    from: i * size,
    to: Math.min(depth, (i + 1) * size),
  }))
}

/** C = f(A B + start), A [rows, depth] and B [depth, columns]. */
export interface RowOperands {
  readonly left: PanelMatrix
  readonly right: PanelMatrix
  /** Address of one row of values that sums begin with; null: of zeros. */
  readonly start: number | null
  readonly output: PanelMatrix
  /** f, as `activationFunction` makes it, or null. */
  readonly activation: FunctionBuilder | null
}

/**
 * C [rows, columns] = f(A B + start): Y [batch, out] = f(X [batch, in] W [in, out] + bias), and Gxᵀ [in, batch] =
 * W [in, out] Gyᵀ [out, batch]. Exports `name`(first row, end row, first panel, end panel, `productScratch` bytes of scratch).
 */
export function rowProduct(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  { left, right, start, output, activation }: RowOperands,
  { zeros, packed }: Constants,
): void {
  const packs = panelCount(output.columns) >= PACK_FROM
  const blocks = depthBlocks(left.columns, packs ? DEPTH : UNPACKED_DEPTH)
  const f = module.function(['i32', 'i32', 'i32', 'i32', 'i32'], name)
  const locals = Array.from({ length: 7 }, () => f.local('i32'))
  const [block, blockEnd, panel, row, panelStart, out, strip] = locals
  if (!block || !blockEnd || !panel || !row || !panelStart || !out || !strip)
    throw new RangeError('locals')
  const scratch = f.parameter(4)
  const tiles = packs
    ? packed.tiles
    : Array.from({ length: target.tileRows }, (_, r) => rowTile(module, target, r + 1, left.stride))
  const pack = packs ? packRows(module, target, left.stride) : null
  const depthOf = ({ from, to }: Depth) => Math.ceil((to - from) / PANEL) * PANEL
  const packStrip = (depth: Depth): Code => {
    const bytes = depthOf(depth) * target.tileRows * 4
    return sequence(
      strip.set(scratch.get),
      countUp(
        row,
        block.get,
        blockEnd.get,
        target.tileRows,
        sequence(
          pack?.call(
            at(left.address + (depth.from / PANEL) * left.stride, row.get, ROW_BYTES),
            strip.get,
            i32.add(strip.get, i32.const(bytes)),
          ) ?? [],
          strip.set(i32.add(strip.get, i32.const(bytes))),
        ),
      ),
    )
  }
  const product = (depth: Depth, i: number): Code => {
    const { from, to } = depth
    const outRow = i32.add(out.get, at(0, row.get, ROW_BYTES))
    return sequence(
      pack === null ? [] : packStrip(depth),
      countUp(
        panel,
        f.parameter(2).get,
        f.parameter(3).get,
        1,
        sequence(
          panelStart.set(at(right.address + from * ROW_BYTES, panel.get, right.stride)),
          out.set(at(output.address, panel.get, output.stride)),
          row.set(block.get),
          strip.set(scratch.get),
          tileRows(row, blockEnd.get, tiles, (tile) =>
            sequence(
              tile.call(
                pack === null
                  ? at(left.address + (from / PANEL) * left.stride, row.get, ROW_BYTES)
                  : strip.get,
                panelStart.get,
                outRow,
                i32.add(panelStart.get, i32.const((to - from) * ROW_BYTES)),
                i > 0
                  ? outRow
                  : start === null
                    ? i32.const(zeros)
                    : at(start, panel.get, ROW_BYTES),
                i32.const(i > 0 ? ROW_BYTES : 0),
              ),
              pack === null
                ? []
                : strip.set(i32.add(strip.get, i32.const(depthOf(depth) * target.tileRows * 4))),
            ),
          ),
          activation === null || i < blocks.length - 1
            ? []
            : activation.call(
                i32.add(out.get, at(0, block.get, ROW_BYTES)),
                at(0, i32.sub(blockEnd.get, block.get), ROW_BYTES),
              ),
        ),
      ),
    )
  }
  f.emit(
    countUp(
      block,
      f.parameter(0).get,
      f.parameter(1).get,
      ROW_BLOCK,
      sequence(
        smaller(blockEnd, i32.add(block.get, i32.const(ROW_BLOCK)), f.parameter(1).get),
        ...blocks.map(product),
      ),
    ),
  )
}
