import type { AdapterDescription } from './webgpu-options'
import type { HeadShape } from './cross-entropy-head'
import type { HeadProduct, ProductShape } from './product-shape'
import type { Tile } from './tile'
import { headCandidates, tileCandidates, type WorkgroupLimits } from './tile-candidates'

/** Which tile a product takes, and what workgroups the head. */
export interface TileChoice {
  product(shape: ProductShape): Tile
  head(shape: HeadProduct): HeadShape
}

const SOFTWARE: Tile = {
  rows: 16,
  columns: 16,
  blockRows: 4,
  blockColumns: 4,
  depth: 64,
  splits: 1,
  ahead: false,
}

/** What is used where nothing was timed. */
export function usualTiles(adapter: AdapterDescription, limits: WorkgroupLimits): TileChoice {
  if (adapter.isSoftware) return { product: () => SOFTWARE, head: softwareHead }
  return {
    product: (shape) => tileCandidates(shape, limits)[0] ?? SOFTWARE,
    head: (shape) => headCandidates(shape, limits)[0] ?? softwareHead(shape),
  }
}

function softwareHead({ classes }: HeadProduct): HeadShape {
  let rows = 4
  while (rows * classes > 40) rows /= 2
  return { rows, threads: 40 }
}
