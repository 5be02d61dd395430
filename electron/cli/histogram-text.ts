const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const COLUMNS = 16

/** A histogram in a line of text: the fullest of 16 bins is a full block, a bin that holds anything at all shows it. */
export function histogramText(histogram: readonly number[]): string {
  const share = histogram.length / COLUMNS
  const bins = Array.from({ length: COLUMNS }, (_, column) =>
    histogram
      .slice(Math.floor(column * share), Math.floor((column + 1) * share))
      .reduce((sum, count) => sum + count, 0),
  )
  const top = Math.max(1, ...bins)
  return bins.map((count) => BLOCKS[Math.ceil((8 * count) / top)] ?? ' ').join('')
}
