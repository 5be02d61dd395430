import type { LayerReport } from '#core/backend/layer-report'
import type { OpenRun, RunHeader } from '#core/contract/answers'
import type { TrainerEvent } from '#core/contract/events'
import {
  diverged,
  type EpochRecord,
  type RunProgress,
  type RunState,
  type TestRecord,
} from '#core/training/run-state'
import type { Notice } from '#core/training/notice'
import { keepFigures, type LayerFigures } from '#core/training/verdicts/evidence'
import type { Verdict } from '#core/training/verdicts/verdict'
import { verdictsOf } from '#core/training/verdicts/verdicts-of'
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
  /** The first and the last figures, for the verdicts. */
  readonly figures: readonly LayerFigures[]
  /** As of the last figures, epoch or change of state. */
  readonly verdicts: readonly Verdict[]
}

const remembered = 120

export function viewOf(open: OpenRun): RunView {
  return judged(unjudged(open))
}

/** What events make of the view, one after the other. Events of another run change nothing. */
export function reduceRun(
  view: RunView | null,
  ...events: readonly TrainerEvent[]
): RunView | null {
  const next = events.reduce(withEvent, view)
  return next === null || next === view || !events.some(bearsOnVerdicts) ? next : judged(next)
}

function withEvent(view: RunView | null, event: TrainerEvent): RunView | null {
  if (event.type === 'opened') return unjudged(event.open)
  if (event.type === 'devices') return view
  if (event.type === 'notice') return view === null ? null : noticed(view, event.notice)
  if (view === null || event.run !== view.header.id) return view
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
    case 'layers': {
      const layers = { step: event.step, reports: event.reports }
      return {
        ...view,
        layers,
        gradientNorms: remember(view.gradientNorms, event.reports),
        figures: keepFigures(view.figures, layers),
      }
    }
    case 'test':
      return { ...view, test: event.record }
  }
}

function bearsOnVerdicts({ type }: TrainerEvent): boolean {
  return type === 'opened' || type === 'state' || type === 'epoch' || type === 'layers'
}

function unjudged(open: OpenRun): RunView {
  return {
    header: open.header,
    state: open.state,
    progress: open.progress,
    series: append(emptySeries(), open.series),
    epochs: open.epochs,
    test: open.test,
    layers: open.layers,
    gradientNorms: remember(new Map(), open.layers?.reports ?? []),
    figures: open.layers === null ? [] : [open.layers],
    verdicts: [],
  }
}

/** A run that lost its device is on another one. */
function noticed(view: RunView, notice: Notice): RunView {
  if (notice.kind !== 'device-changed') return view
  const { from, to, reason } = notice
  const why = { kind: 'lost', from, reason } as const
  return { ...view, header: { ...view.header, device: to, why } }
}

function judged(view: RunView): RunView {
  const verdicts = verdictsOf({
    spec: view.header.spec,
    reports: view.figures,
    losses: view.series,
    epochs: view.epochs,
    failure: diverged(view.state),
  })
  return { ...view, verdicts }
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
