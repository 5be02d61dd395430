import type { Placing } from '../../../electron/bench/race'
import { IMAGES, type StandardNet, stepsPerEpoch } from '../../../electron/bench/standard-nets'
import { LARGEST, SMALLEST } from './nets'

/** What the adapter reaches at most, measured in the same run. */
export interface GpuPeak {
  readonly gflops: number
  readonly gigabytesPerSecond: number
}

export interface GpuRow {
  readonly net: string
  readonly contender: string
  readonly stepsPerSecond: number
  readonly microsecondsPerStep: number
  /** Steps of one measurement. */
  readonly steps: number
  readonly gflops: number
  /** Of the adapter's float32 multiply-adds. */
  readonly shareOfPeak: number
  /** The workbench's own: null for others. */
  readonly dispatchesPerStep: number | null
  readonly tiles: Readonly<Record<string, string>> | null
}

export function rowOf(
  net: StandardNet,
  { contender, measurement }: Placing,
  peak: GpuPeak,
  own: Pick<GpuRow, 'dispatchesPerStep' | 'tiles'>,
): GpuRow {
  const stepsPerSecond = measurement.imagesPerSecond / (IMAGES / stepsPerEpoch(net))
  return {
    net: net.name,
    contender: contender.name,
    stepsPerSecond,
    microsecondsPerStep: 1e6 / stepsPerSecond,
    steps: measurement.scaledFromSteps,
    gflops: measurement.gflops,
    shareOfPeak: measurement.gflops / peak.gflops,
    ...own,
  }
}

export function describeRow(row: GpuRow, rivals: readonly GpuRow[]): string {
  return [
    row.net.padEnd(24),
    row.contender.padEnd(30),
    `${row.stepsPerSecond.toFixed(row.stepsPerSecond < 100 ? 1 : 0).padStart(8)} steps/s`,
    `${row.microsecondsPerStep.toFixed(1).padStart(11)} us`,
    `${row.gflops.toFixed(row.gflops < 100 ? 1 : 0).padStart(8)} GFLOP/s`,
    `${(100 * row.shareOfPeak).toFixed(1).padStart(5)} % of peak`,
    row.dispatchesPerStep === null ? '' : `${row.dispatchesPerStep} dispatches`,
    ...rivals.map(
      (rival) =>
        `${(row.stepsPerSecond / rival.stepsPerSecond).toPrecision(3)} x ${rival.contender}`,
    ),
  ]
    .join('  ')
    .trimEnd()
}

export interface Target {
  readonly name: string
  readonly atLeast: number
  /** null: not measured here. */
  readonly found: number | null
}

/** What the workbench is to reach on a real GPU. */
export function targetsOf(rows: readonly GpuRow[], own: string): readonly Target[] {
  const rate = (net: string, contender: string) =>
    rows.find((row) => row.net === net && row.contender === contender)
  const mine = rate(SMALLEST, own)?.stepsPerSecond ?? null
  const against = (variant: string) => {
    const theirs = rate(SMALLEST, `torch cuda ${variant}`)?.stepsPerSecond
    return mine === null || theirs === undefined ? null : mine / theirs
  }
  return [
    {
      name: `${SMALLEST}: steps/s against PyTorch eager`,
      atLeast: 10,
      found: against('eager'),
    },
    {
      name: `${SMALLEST}: steps/s against CUDA graphs`,
      atLeast: 2,
      found: against('graph'),
    },
    {
      name: `${LARGEST}: share of the float32 peak`,
      atLeast: 0.4,
      found: rate(LARGEST, own)?.shareOfPeak ?? null,
    },
  ]
}

export function describeTarget({ name, atLeast, found }: Target): string {
  if (found === null) return `${name}: not measured (target ${atLeast})`
  return `${name}: ${found.toPrecision(3)} (target ${atLeast}, ${found >= atLeast ? 'met' : 'missed'})`
}
