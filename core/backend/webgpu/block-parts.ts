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

/** Parts of a block that fit into the GPU's tables, each ending where a step is to be looked at. */
export function partsOf(
  batchEnds: Uint32Array,
  looksAt: ReadonlySet<number>,
  limits: PartLimits,
): readonly BlockPart[] {
  const parts: BlockPart[] = []
  const endOf = (step: number) => (step < 0 ? 0 : (batchEnds[step] ?? 0))
  let from = 0
  let pieces = 0
  for (let step = 0; step < batchEnds.length; step++) {
    const own = Math.ceil((endOf(step) - endOf(step - 1)) / limits.capacity)
    const full = pieces + own > limits.tableRows || endOf(step) - endOf(from - 1) > limits.images
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
