import type { BlockReport } from '../backend'
import type { TableRow } from './step-table'

/** Losses and hits of the first `steps` steps from their pieces. */
export function sumPieces(
  results: Float32Array,
  rows: readonly TableRow[],
  from: number,
  steps: number,
): Pick<BlockReport, 'losses' | 'hits'> {
  const losses = new Float64Array(steps)
  const hits = new Uint32Array(steps)
  rows.forEach(({ step }, i) => {
    const at = step - from
    if (at >= steps) return
    losses[at] = (losses[at] ?? 0) + (results[i * 2] ?? NaN)
    hits[at] = (hits[at] ?? 0) + (results[i * 2 + 1] ?? 0)
  })
  return { losses, hits }
}
