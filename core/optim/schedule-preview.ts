import { intervalOf, type SchedulerSpec } from '#core/spec/schedulers'
import { createSchedule, type ScheduleContext } from './schedule'

/** The rates of one optimizer step. */
export interface CurvePoint {
  /** Steps done before it. */
  readonly step: number
  readonly lrs: readonly number[]
  readonly momentum: number | null
}

/**
 * The curve of a schedule over the whole run, before it runs: at most `points` steps at equal distances, the first and the last
 * among them. ReduceLROnPlateau, which depends on the results, is shown as if every epoch were better than the last.
 */
export function preview(
  spec: SchedulerSpec | null,
  context: ScheduleContext,
  points: number,
): readonly CurvePoint[] {
  const { epochs, stepsPerEpoch } = context
  const total = epochs * stepsPerEpoch
  const wanted = Math.min(points, total)
  const schedule = createSchedule(spec, context)
  const perBatch = spec !== null && intervalOf(spec) === 'batch'
  let metric = 0
  const better = spec?.type === 'ReduceLROnPlateau' && spec.mode === 'max' ? 1 : -1
  const curve: CurvePoint[] = []
  const next = () => (wanted < 2 ? 0 : Math.round((curve.length * (total - 1)) / (wanted - 1)))
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let batch = 0; batch < stepsPerEpoch; batch++) {
      const step = epoch * stepsPerEpoch + batch
      if (curve.length < wanted && step === next()) curve.push({ step, ...schedule.rates() })
      if (perBatch) schedule.onBatch()
    }
    metric += better * 1e6
    schedule.onEpoch(metric)
  }
  return curve
}
