import type { Contender, Timing } from './contender'
import { flopsPerImage, IMAGES, stepsPerEpoch, type StandardNet } from './standard-nets'

/** What a contender reached on a net: the median over repeats. */
export interface Measurement {
  readonly net: string
  readonly contender: string
  readonly threads: number
  readonly secondsPerEpoch: number
  /** Steps that were timed; the epoch is scaled from them. */
  readonly scaledFromSteps: number
  readonly imagesPerSecond: number
  /** Of dense arithmetic, as if every pixel counted. */
  readonly gflops: number
  /**
   * Of what 128-bit vectors reach on as many threads; above 1 where zero pixels were skipped. Null for devices that compute with
   * something else.
   */
  readonly shareOfPeak: number | null
  /** Time of the slowest repeat as a multiple of the fastest: what the machine's other work did to the measurement. */
  readonly spread: number
}

/** One contender's measurement on one net. */
export interface Placing {
  readonly contender: Contender
  readonly measurement: Measurement
}

export interface RaceOptions {
  readonly repeats: number
  /** GFLOP/s of one thread with 128-bit vectors. */
  readonly peak: number
  /** Rejects with the signal's reason as soon as it is aborted; the contenders are then still busy. */
  readonly signal?: AbortSignal
}

/** Measures the contenders in turn, so that noise hits all alike. */
export async function race(
  net: StandardNet,
  contenders: readonly Contender[],
  { repeats, peak, signal }: RaceOptions,
): Promise<readonly Placing[]> {
  const runs = contenders.map((contender) => ({ contender, timings: [] as Timing[] }))
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const { contender, timings } of runs)
      timings.push(await unlessAborted(contender.measure(net), signal))
  return runs.map(({ contender, timings }) => ({
    contender,
    measurement: measurementOf(net, contender, timings, peak),
  }))
}

function measurementOf(
  net: StandardNet,
  { name, threads, device }: Contender,
  timings: readonly Timing[],
  peak: number,
): Measurement {
  const times = timings.map(({ seconds, steps }) => seconds / steps)
  const perStep = median(times)
  const secondsPerEpoch = perStep * stepsPerEpoch(net)
  const gflops = (flopsPerImage(net) * net.batch) / perStep / 1e9
  return {
    net: net.name,
    contender: name,
    threads,
    secondsPerEpoch,
    scaledFromSteps: timings[0]?.steps ?? 0,
    imagesPerSecond: IMAGES / secondsPerEpoch,
    gflops,
    shareOfPeak: device === 'cpu' ? gflops / (peak * threads) : null,
    spread: Math.max(...times) / Math.min(...times),
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  // Whoever is busy may fail when it is closed; nobody waits for it any more.
  work.catch(() => undefined)
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      const abort = (): void => {
        reject(signal.reason as Error)
      }
      if (signal.aborted) abort()
      else {
        signal.addEventListener('abort', abort, { once: true })
        const forget = (): void => {
          signal.removeEventListener('abort', abort)
        }
        void work.then(forget, forget)
      }
    }),
  ])
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2
}
