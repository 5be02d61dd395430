import type { Contender, Timing } from './contender'
import { flopsPerImage, IMAGES, stepsPerEpoch, type StandardNet } from './standard-nets'

/** What a contender reached on a net: the median over repeats. */
export interface Figures {
  readonly secondsPerEpoch: number
  /** Steps that were timed; the epoch is scaled from them. */
  readonly scaledFromSteps: number
  readonly imagesPerSecond: number
  /** Of dense arithmetic, as if every pixel counted. */
  readonly gflops: number
}

/** One contender's figures on one net. */
export interface Placing {
  readonly contender: Contender
  readonly figures: Figures
}

/** Measures the contenders in turn, so that noise hits all alike. */
export async function race(
  net: StandardNet,
  contenders: readonly Contender[],
  repeats: number,
  signal?: AbortSignal,
): Promise<readonly Placing[]> {
  const runs = contenders.map((contender) => ({ contender, timings: [] as Timing[] }))
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const { contender, timings } of runs) {
      signal?.throwIfAborted()
      timings.push(await contender.measure(net))
    }
  return runs.map(({ contender, timings }) => ({ contender, figures: figuresOf(net, timings) }))
}

function figuresOf(net: StandardNet, timings: readonly Timing[]): Figures {
  const perStep = median(timings.map(({ seconds, steps }) => seconds / steps))
  const secondsPerEpoch = perStep * stepsPerEpoch(net)
  return {
    secondsPerEpoch,
    scaledFromSteps: timings[0]?.steps ?? 0,
    imagesPerSecond: IMAGES / secondsPerEpoch,
    gflops: (flopsPerImage(net) * net.batch) / perStep / 1e9,
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2
}
