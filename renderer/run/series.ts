/** The per-step record of a run, growing at its end. */
export interface Series {
  /** The same object in all that was appended to one series. */
  readonly origin: object
  readonly length: number
  readonly steps: Float64Array
  readonly losses: Float32Array
  readonly accuracies: Float32Array
  readonly lrs: Float32Array
}

interface SeriesPart {
  readonly steps: readonly number[]
  readonly losses: readonly number[]
  readonly accuracies: readonly number[]
  readonly lrs: readonly number[]
}

const firstCapacity = 1024

export function emptySeries(capacity = firstCapacity): Series {
  return {
    origin: {},
    length: 0,
    steps: new Float64Array(capacity),
    losses: new Float32Array(capacity),
    accuracies: new Float32Array(capacity),
    lrs: new Float32Array(capacity),
  }
}

/**
 * `series` with the steps of `part` that come after its last one. The newer value shares the buffers of the older,
 * whose `length` hides the new tail, so an append costs no copy until the buffers are full.
 */
export function append(series: Series, part: SeriesPart): Series {
  const last = series.length === 0 ? 0 : (series.steps[series.length - 1] ?? 0)
  const from = part.steps.findIndex((step) => step > last)
  if (from < 0) return series
  const length = series.length + part.steps.length - from
  const target = length <= series.steps.length ? series : grown(series, length)
  for (let i = from; i < part.steps.length; i++) {
    const at = series.length + i - from
    target.steps[at] = part.steps[i] ?? 0
    target.losses[at] = figure(part.losses[i])
    target.accuracies[at] = figure(part.accuracies[i])
    target.lrs[at] = figure(part.lrs[i])
  }
  return { ...target, length }
}

/** JSON has no NaN: a diverged loss arrives as null. */
function figure(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN
}

function grown(series: Series, length: number): Series {
  const next = emptySeries(Math.max(length, series.steps.length * 2))
  next.steps.set(series.steps.subarray(0, series.length))
  next.losses.set(series.losses.subarray(0, series.length))
  next.accuracies.set(series.accuracies.subarray(0, series.length))
  next.lrs.set(series.lrs.subarray(0, series.length))
  return { ...next, origin: series.origin }
}
