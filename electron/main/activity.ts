import type { TrainerEvent } from '#core/contract/events'
import type { RunProgress, RunState } from '#core/training/run-state'

/** What the system outside the window is told of the open run. */
export interface Activity {
  readonly run: string
  readonly name: string
  readonly phase: RunState['phase']
  /** 0..1 */
  readonly progress: number
}

/** The activity after `event`; null while no run is open. */
export function nextActivity(activity: Activity | null, event: TrainerEvent): Activity | null {
  switch (event.type) {
    case 'opened': {
      const { header, state, progress } = event.open
      return {
        run: header.id,
        name: header.spec.name,
        phase: state.phase,
        progress: shareOf(progress),
      }
    }
    case 'state':
      if (activity?.run !== event.run) return activity
      return { ...activity, phase: event.state.phase, progress: shareOf(event.progress) }
    case 'steps':
      if (activity?.run !== event.run) return activity
      return { ...activity, progress: shareOf(event.progress) }
    case 'epoch':
    case 'layers':
    case 'test':
    case 'notice':
    case 'devices':
      return activity
  }
}

/** Between 0 and 1 for every progress, that of an empty run too. */
function shareOf({ step, epochs, batches }: RunProgress): number {
  return Math.min(1, step / Math.max(1, epochs * batches))
}
