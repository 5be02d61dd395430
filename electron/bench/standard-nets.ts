import { runSpecSchema, type RunSpec } from '#core/spec/run-spec'

export interface StandardNet {
  readonly number: number
  readonly name: string
  readonly widths: readonly number[]
  readonly batch: number
  readonly optimizer: 'SGD' | 'Adam'
  /** Optimizer steps of one measurement; an epoch is scaled from them. */
  readonly steps: number
}

export const IMAGES = 60_000

export const standardNets: readonly StandardNet[] = [
  net(1, [784, 128, 10], 64, 'SGD', 938),
  net(2, [784, 128, 10], 64, 'Adam', 938),
  net(3, [784, 512, 256, 10], 64, 'Adam', 300),
  net(4, [784, 512, 256, 10], 512, 'Adam', 60),
  net(5, [784, 2048, 2048, 10], 512, 'Adam', 6),
]

/** The app's first preset. */
export const STARTER = 2

/** @throws RangeError for a number that no net has */
export function netOf(number: number): StandardNet {
  const found = standardNets.find((candidate) => candidate.number === number)
  if (found !== undefined) return found
  const known = standardNets.map((candidate) => candidate.number).join(', ')
  throw new RangeError(`found net ${number}; allowed: ${known}`)
}

function net(
  number: number,
  widths: readonly number[],
  batch: number,
  optimizer: 'SGD' | 'Adam',
  steps: number,
): StandardNet {
  const name = `${widths.join('-')} b${batch} ${optimizer}`
  return { number, name, widths, batch, optimizer, steps }
}

export function stepsPerEpoch({ batch }: StandardNet): number {
  return Math.ceil(IMAGES / batch)
}

/** Multiplications and additions of one image, forward and backward, as if every pixel counted. */
export function flopsPerImage({ widths }: StandardNet): number {
  return widths
    .slice(1)
    .reduce((sum, width, i) => sum + 2 * width * (widths[i] ?? 0) * (i === 0 ? 2 : 3), 0)
}

export function specOf({ widths, batch, optimizer }: StandardNet): RunSpec {
  const layers = widths
    .slice(1)
    .flatMap((outFeatures, i) => [
      ...(i > 0 ? [{ type: 'ReLU' as const }] : []),
      { type: 'Linear' as const, outFeatures },
    ])
  return runSpecSchema.parse({
    version: 1,
    model: { layers },
    optimizer: optimizer === 'SGD' ? { type: 'SGD', lr: 0.1 } : { type: 'Adam' },
    training: { batchSize: batch },
  })
}
