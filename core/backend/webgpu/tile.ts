/**
 * How a workgroup shares out a product: it makes a tile [rows, columns], each thread a block of it in registers, `splits` groups of
 * threads sharing out the terms of every sum; `depth` terms of each split are in workgroup memory at a time.
 */
export interface Tile {
  readonly rows: number
  readonly columns: number
  readonly blockRows: 4 | 8
  readonly blockColumns: 4 | 8
  readonly depth: number
  readonly splits: number
  /** The next terms are on their way into registers while the present ones are worked on. */
  readonly ahead: boolean
}

/** Threads that make the tile together, each its block. */
export function teamOf({ rows, columns, blockRows, blockColumns }: Tile): number {
  return (rows / blockRows) * (columns / blockColumns)
}

export function threadsOf(tile: Tile): number {
  return teamOf(tile) * tile.splits
}

/** Quads from one term of so many lines to the next: one more than needed, so that threads that store side by side hit other banks. */
export function pitchOf(lines: number): number {
  return lines / 4 + 1
}

/** Quads of workgroup memory. */
export function sharedQuads({ rows, columns, depth, splits }: Tile): number {
  const factors = depth * splits * (pitchOf(rows) + pitchOf(columns))
  const reduction = splits > 1 ? (rows * columns * splits) / 8 : 0
  return Math.max(factors, reduction)
}

/** "64x64 blocks 8x4 depth 16", for stores and reports. */
export function tileName({
  rows,
  columns,
  blockRows,
  blockColumns,
  depth,
  splits,
  ahead,
}: Tile): string {
  const shared = splits > 1 ? ` splits ${splits}` : ''
  return `${rows}x${columns} blocks ${blockRows}x${blockColumns} depth ${depth}${shared}${ahead ? ' ahead' : ''}`
}
