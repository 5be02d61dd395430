import type { NumericalFailure } from '#core/backend/backend'
import type { LayerReport } from '#core/backend/layer-report'
import type { RunSpec } from '#core/spec/run-spec'
import type { EpochRecord } from '../run-state'

/** The layers at one step, 1 for the first of the run. */
export interface LayerFigures {
  readonly step: number
  readonly reports: readonly LayerReport[]
}

/** Batch losses in the order of their steps; thinned ones do. Arrays may be longer than `length`. */
export interface LossTrace {
  readonly length: number
  readonly steps: ArrayLike<number>
  readonly losses: ArrayLike<number>
}

/** All that a verdict is based on. */
export interface Evidence {
  readonly spec: RunSpec
  /** As keepFigures keeps them: the first of the run, if it was seen, and the last few. */
  readonly reports: readonly LayerFigures[]
  readonly losses: LossTrace
  readonly epochs: readonly EpochRecord[]
  readonly failure: NumericalFailure | null
}

/** One look can be an accident of its batch, three in a row are none. */
const LATELY = 3

/** `kept` with the newest: the first look at a run tells what the init did, the last ones how it stands. */
export function keepFigures(
  kept: readonly LayerFigures[],
  newest: LayerFigures,
): readonly LayerFigures[] {
  const earlier = kept.filter(({ step }) => step < newest.step)
  const start = earlier.filter(isStart)
  const rest = earlier.filter((figures) => !isStart(figures))
  return [...start, ...rest.slice(1 - LATELY), newest]
}

/** Figures of the first step were taken before any update: what they show, the init and the data have done. */
export function isStart({ step }: LayerFigures): boolean {
  return step === 1
}

/** The last few, those of the start only where there are no others. */
export function lately({ reports }: Evidence): readonly LayerFigures[] {
  const later = reports.filter((figures) => !isStart(figures))
  return later.length === 0 ? reports : later.slice(-LATELY)
}

/** Median of the finite losses from `from` to before `to`; negative counts from the end. NaN where there are none. */
export function medianLoss(trace: LossTrace, from: number, to: number): number {
  const begin = from < 0 ? Math.max(0, trace.length + from) : from
  const count = Math.max(0, Math.min(to, trace.length) - begin)
  const sorted = Array.from({ length: count }, (_, i) => trace.losses[begin + i] ?? NaN)
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? NaN
}

/** Batches whose median stands for the loss at the start, and for the present one. */
const SAMPLE = 20
/** Far more than batches scatter. */
const HALVED = 0.5
const MOSTLY_RIGHT = 0.9

/** Whether the loss is less than half of what it was, or nearly all training images are recognised. */
export function hasLearned({ losses, epochs }: Evidence): boolean {
  const before = medianLoss(losses, 0, SAMPLE)
  const now = medianLoss(losses, -SAMPLE, losses.length)
  return now < HALVED * before || (epochs.at(-1)?.trainAccuracy ?? 0) > MOSTLY_RIGHT
}

/** Largest ‖update‖ / ‖weight‖ of any layer; null where none was measured. */
export function largestUpdateRatio(figures: readonly LayerFigures[]): number | null {
  const ratios = figures
    .flatMap(({ reports }) => reports.map(({ updateRatio }) => updateRatio))
    .filter((ratio) => ratio !== null && Number.isFinite(ratio))
  return ratios.length === 0 ? null : Math.max(...ratios.map(Number))
}
