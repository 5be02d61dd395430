import type { Series } from '../run/series'
import { MovingAverage } from './moving-average'
import { Thinning } from './thinning'

export type Metric = 'loss' | 'accuracy'

/** Stretches of a curve: more than its chart is wide in most windows. */
const MOST_STRETCHES = 600

/** What a chart draws of one metric of a run: it reads only the steps that are new since it was last asked. */
export class MetricTrace {
  readonly raw = new Thinning(MOST_STRETCHES)
  readonly smooth = new Thinning(MOST_STRETCHES)
  readonly weight: number
  private readonly metric: Metric
  private readonly average: MovingAverage
  private averages = new Float32Array(1024)
  private length = 0

  constructor(metric: Metric, weight: number) {
    this.metric = metric
    this.weight = weight
    this.average = new MovingAverage(weight)
  }

  follow(series: Series): void {
    const values = this.metric === 'loss' ? series.losses : series.accuracies
    if (series.length > this.averages.length) this.averages = longer(this.averages, series.length)
    for (; this.length < series.length; this.length++) {
      const value = values[this.length] ?? Number.NaN
      const average = this.average.next(value)
      this.averages[this.length] = average
      this.raw.push(value)
      this.smooth.push(average)
    }
  }

  /** The moving average at a place of the series; null where there is none. */
  averageAt(place: number): number | null {
    return place < 0 || place >= this.length ? null : (this.averages[place] ?? null)
  }
}

/** The traces of the runs that a panel shows, each by the series that it follows. */
export class TraceMemory {
  private readonly traces = new WeakMap<object, Map<Metric, MetricTrace>>()

  of(series: Series, metric: Metric, weight: number): MetricTrace {
    const known = this.traces.get(series.origin) ?? new Map<Metric, MetricTrace>()
    this.traces.set(series.origin, known)
    const found = known.get(metric)
    const trace = found?.weight === weight ? found : new MetricTrace(metric, weight)
    known.set(metric, trace)
    trace.follow(series)
    return trace
  }
}

function longer(values: Float32Array, atLeast: number): Float32Array<ArrayBuffer> {
  const next = new Float32Array(Math.max(atLeast, values.length * 2))
  next.set(values)
  return next
}
