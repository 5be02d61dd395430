import type { AdapterDescription } from './webgpu-options'
import type { HeadShape } from './cross-entropy-head'
import type { Tile } from './tile-product'

/** A product [rows, columns] of sums of `terms`. */
export interface ProductShape {
  readonly kind: 'forward' | 'gradient' | 'update'
  readonly rows: number
  readonly columns: number
  readonly terms: number
}

const tile = (
  rows: number,
  columns: number,
  blockRows: 4 | 8,
  blockColumns: 4 | 8,
  depth: number,
  splits: number,
): Tile => ({ rows, columns, blockRows, blockColumns, depth, splits })

const SMALL = tile(16, 16, 4, 4, 8, 16)
const MIDDLE = tile(32, 32, 4, 4, 8, 4)
const LARGE = tile(64, 64, 8, 4, 16, 1)
const SOFTWARE = tile(16, 16, 4, 4, 64, 1)

/** Enough workgroups to give each part of a large GPU something to do. */
const PLENTY = 128

/** What is used where nothing was timed. */
export function defaultTile({ rows, columns }: ProductShape, adapter: AdapterDescription): Tile {
  if (adapter.isSoftware) return SOFTWARE
  const tilesOf = (size: number) => Math.ceil(rows / size) * Math.ceil(columns / size)
  if (tilesOf(64) >= PLENTY) return LARGE
  return tilesOf(32) >= PLENTY ? MIDDLE : SMALL
}

export function headShape(classes: number, adapter: AdapterDescription): HeadShape {
  const threads = adapter.isSoftware ? 40 : 256
  let rows = 4
  while (rows * classes > threads) rows /= 2
  return { rows, threads }
}

/** Which tile a product takes. */
export type TileChoice = (shape: ProductShape) => Tile
