import type { LayerReport } from '#core/backend/layer-report'
import type { OpenRun, RunHeader } from '#core/contract/answers'
import type { TrainerEvent } from '#core/contract/events'
import type { EpochRecord, RunProgress, RunState, TestRecord } from '#core/training/run-state'
import { append, emptySeries, type Series } from './series'

/** The run that is open, as the window knows it. */
export interface RunView {
  readonly header: RunHeader
  readonly state: RunState
  readonly progress: RunProgress
  readonly series: Series
  readonly epochs: readonly EpochRecord[]
  readonly test: TestRecord | null
  readonly layers: LayerFigures | null
  /** Gradient norms of the last reports, by layer path. */
  readonly gradientNorms: ReadonlyMap<string, readonly number[]>
}

export interface LayerFigures {
  readonly step: number
  readonly reports: readonly LayerReport[]
}

const remembered = 120

export function viewOf(open: OpenRun): RunView {
  return {
    header: open.header,
    state: open.state,
    progress: open.progress,
    series: append(emptySeries(), open.series),
    epochs: open.epochs,
    test: open.test,
    layers: open.layers,
    gradientNorms: remember(new Map(), open.layers?.reports ?? []),
  }
}

/** What an event makes of the view. Events of another run change nothing. */
export function reduceRun(view: RunView | null, event: TrainerEvent): RunView | null {
  if (event.type === 'opened') return viewOf(event.open)
  if (event.type === 'notice' || view === null || event.run !== view.header.id) return view
  switch (event.type) {
    case 'state':
      return { ...view, state: event.state, progress: event.progress }
    case 'steps':
      return {
        ...view,
        progress: event.progress,
        series: append(view.series, {
          ...event,
          steps: event.losses.map((_, i) => event.firstStep + i),
        }),
      }
    case 'epoch':
      return {
        ...view,
        epochs: [...view.epochs.filter(({ epoch }) => epoch < event.record.epoch), event.record],
      }
    case 'layers':
      return {
        ...view,
        layers: { step: event.step, reports: event.reports },
        gradientNorms: remember(view.gradientNorms, event.reports),
      }
    case 'test':
      return { ...view, test: event.record }
  }
}

function remember(
  norms: RunView['gradientNorms'],
  reports: readonly LayerReport[],
): RunView['gradientNorms'] {
  const next = new Map(norms)
  for (const { layer, gradientNorm } of reports)
    if (gradientNorm !== null)
      next.set(layer, [...(norms.get(layer) ?? []), gradientNorm].slice(-remembered))
  return next
}
