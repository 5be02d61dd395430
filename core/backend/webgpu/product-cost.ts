import { sharedQuads, teamOf, threadsOf, type Tile } from './tile'
import type { ProductShape } from './product-shape'

/** Fused multiply-adds of a compute unit in a cycle, and the threads that it takes at a time. */
const LANES = 128
const WARP = 32
/** Threads and bytes of workgroup memory that a unit holds. */
const RESIDENT_THREADS = 1024
const RESIDENT_BYTES = 64 * 1024
/** Cycles until what was asked of the memory is there, of a barrier, and before the first term of a workgroup. */
const MEMORY = 600
const BARRIER = 40
const BEGIN = 1200

/**
 * Cycles that a product takes on a GPU of so many compute units, roughly: good for leaving out tiles that cannot win, and for
 * a first guess where nothing may be timed.
 */
export function productCycles(shape: ProductShape, tile: Tile, units: number): number {
  const { rows, columns, blockRows, blockColumns, depth, splits, ahead } = tile
  const groups = Math.ceil(shape.rows / rows) * Math.ceil(shape.columns / columns)
  const own = Math.ceil(groups / units)
  const chunks = Math.ceil(shape.terms / (depth * splits))
  const warps = Math.max(LANES / WARP, threadsOf(tile) / WARP)
  const perTerm = Math.max(
    (blockRows * blockColumns * WARP) / LANES,
    (3 * (blockRows + blockColumns)) / 4,
  )
  const work = warps * depth * chunks * perTerm
  const exposed = ahead ? Math.max(MEMORY / 4, MEMORY - work / chunks) : MEMORY
  const waiting =
    BEGIN + chunks * (exposed + 2 * BARRIER) + Math.log2(splits) * 2 * BARRIER + teamOf(tile) / 8
  const resident = Math.max(
    1,
    Math.min(
      Math.floor(RESIDENT_BYTES / (sharedQuads(tile) * 16)),
      Math.floor(RESIDENT_THREADS / threadsOf(tile)),
    ),
  )
  return own * work + Math.ceil(own / resident) * waiting
}
