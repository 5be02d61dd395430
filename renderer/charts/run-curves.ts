import type { EpochRecord } from '#core/training/run-state'
import type { Series } from '../run/series'
import type { Curve } from './curve'
import type { Metric, MetricTrace } from './metric-trace'
import type { Point } from './thinning'

export type XAxis = 'epoch' | 'step'

/** What the curves of a run are made of. */
export interface CurveSource {
  readonly series: Series
  readonly epochs: readonly EpochRecord[]
  /** Steps of one epoch. */
  readonly batches: number
}

/** Training as raw values under their moving average, and validation at the end of each epoch. */
export function runCurves(
  source: CurveSource,
  metric: Metric,
  xAxis: XAxis,
  trace: MetricTrace,
): Curve[] {
  const xOf = placesOn(source, xAxis)
  return [
    { ...line(trace.raw.points(xOf), '--series-1'), opacity: 0.22, width: 1 },
    line(trace.smooth.points(xOf), '--series-1'),
    { ...line(validationPoints(source, metric, xAxis), '--series-2'), marks: true },
  ]
}

/** A past run behind the present one: its moving average, and validation dashed. */
export function pastCurves(
  source: CurveSource,
  metric: Metric,
  xAxis: XAxis,
  trace: MetricTrace,
  color: string,
): Curve[] {
  return [
    {
      ...line(trace.smooth.points(placesOn(source, xAxis)), color),
      opacity: 0.8,
      width: 1.25,
    },
    {
      ...line(validationPoints(source, metric, xAxis), color),
      opacity: 0.8,
      width: 1.25,
      dash: [4, 3],
    },
  ]
}

export function validationPoints(
  { epochs, batches }: CurveSource,
  metric: Metric,
  xAxis: XAxis,
): Point[] {
  return epochs.flatMap((record) => {
    const y = metric === 'loss' ? record.valLoss : record.valAccuracy
    return y === undefined ? [] : [{ x: xAxis === 'step' ? record.step : record.step / batches, y }]
  })
}

/** Right end of the axis: the next round number of epochs, never beyond the run. */
export function xEnd(source: CurveSource, epochs: number, xAxis: XAxis): number {
  const last = source.series.length === 0 ? 0 : (source.series.steps[source.series.length - 1] ?? 0)
  const done = last / source.batches
  const round = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000].find((mark) => done <= mark)
  const end = Math.min(epochs, round ?? epochs)
  return xAxis === 'epoch' ? end : end * source.batches
}

/** Where the step at a place of the series stands on the horizontal axis. */
function placesOn({ series, batches }: CurveSource, xAxis: XAxis): (place: number) => number {
  const unit = xAxis === 'step' ? 1 : batches
  return (place) => (series.steps[place] ?? 0) / unit
}

function line(points: Point[], color: string): Curve {
  return { points, color, opacity: 1, width: 1.75, dash: [], marks: false }
}
