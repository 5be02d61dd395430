import type { Ink } from './ink'

/** The pixels under one cell of the new grid, with the share of the cell that each covers. */
interface Span {
  readonly from: number
  readonly shares: Float64Array
}

/**
 * Averages a square cut-out over cells: area-weighted, so every bit of ink counts once, at any ratio (enlarging by
 * pixel replication first, as MNIST's makers did, gives the same). Outside of the drawing there is no ink.
 * Returns [cells * cells].
 */
export function resampleSquare(
  ink: Ink,
  left: number,
  top: number,
  side: number,
  cells: number,
): Float64Array {
  const { values, width, height } = ink
  const columns = spans(left, side, cells, width)
  const rows = spans(top, side, cells, height)
  const out = new Float64Array(cells * cells)
  rows.forEach((row, cellY) => {
    row.shares.forEach((shareY, dy) => {
      const rowStart = (row.from + dy) * width
      columns.forEach((column, cellX) => {
        const start = rowStart + column.from
        let sum = 0
        for (let dx = 0; dx < column.shares.length; dx++)
          sum += (column.shares[dx] as number) * (values[start + dx] as number)
        const at = cellY * cells + cellX
        out[at] = (out[at] as number) + shareY * sum
      })
    })
  })
  return out
}

/** [cells] the pixels 0..limit-1 under each cell of a grid that spans `side` pixels from `start`. */
function spans(start: number, side: number, cells: number, limit: number): Span[] {
  const size = side / cells
  return Array.from({ length: cells }, (_, cell) => {
    const begin = start + cell * size
    const end = start + (cell + 1) * size
    const from = Math.max(0, Math.floor(begin))
    const until = Math.min(limit, Math.ceil(end))
    const shares = new Float64Array(Math.max(0, until - from))
    shares.forEach((_, i) => {
      const pixel = from + i
      shares[i] = Math.max(0, Math.min(end, pixel + 1) - Math.max(begin, pixel)) / size
    })
    return { from, shares }
  })
}
