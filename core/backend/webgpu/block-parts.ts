import type { Block } from '../backend'

/** Steps `from` to `to` (not included) of a block. */
export interface BlockPart {
  readonly from: number
  readonly to: number
}

export interface PartLimits {
  /** Rows of a piece of a batch. */
  readonly capacity: number
  /** Pieces that the table has rows for. */
  readonly tableRows: number
  /** Images that there is room for; a single batch always has it. */
  readonly images: number
}

/** Where a step of a block ends in its `indices`; -1: where the first one begins. */
export function endOf({ batchEnds }: Pick<Block, 'batchEnds'>, step: number): number {
  return step < 0 ? 0 : (batchEnds[step] ?? 0)
}

/** Parts of a block that fit into the GPU's tables, each ending where a step is to be looked at. */
export function partsOf(
  batchEnds: Uint32Array,
  looksAt: ReadonlySet<number>,
  limits: PartLimits,
): readonly BlockPart[] {
  const parts: BlockPart[] = []
  const end = (step: number) => endOf({ batchEnds }, step)
  let from = 0
  let pieces = 0
  for (let step = 0; step < batchEnds.length; step++) {
    const own = Math.ceil((end(step) - end(step - 1)) / limits.capacity)
    const full = pieces + own > limits.tableRows || end(step) - end(from - 1) > limits.images
    if (step > from && full) {
      parts.push({ from, to: step })
      from = step
      pieces = 0
    }
    pieces += own
    if (looksAt.has(step)) {
      parts.push({ from, to: step + 1 })
      from = step + 1
      pieces = 0
    }
  }
  if (from < batchEnds.length) parts.push({ from, to: batchEnds.length })
  return parts
}
