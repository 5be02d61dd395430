import type { StandardNet } from '../../../electron/bench/standard-nets'

const WIDTHS = [
  [784, 128, 10],
  [784, 512, 256, 10],
  [784, 2048, 2048, 10],
] as const
const BATCHES = [64, 128, 512] as const

/** The standard nets' widths at three batch sizes, with Adam; a contender on a GPU decides how many steps it takes. */
export const gpuNets: readonly StandardNet[] = WIDTHS.flatMap((widths, i) =>
  BATCHES.map((batch, j) => ({
    number: i * BATCHES.length + j + 1,
    name: `${widths.join('-')} b${batch}`,
    widths,
    batch,
    optimizer: 'Adam' as const,
    steps: Math.ceil(60_000 / batch),
  })),
)

/** What the targets are about. */
export const SMALLEST = '784-128-10 b64'
export const LARGEST = '784-2048-2048-10 b512'
