import type { OpenRun } from '#core/contract/answers'
import type { TrainerEvent } from '#core/contract/events'
import type { RunProgress } from '#core/training/run-state'
import type { ActiveRun } from '../trainer/active-run'

/** How a training is shown: to programs (--json) or to a person. */
export interface TrainOutput {
  /** Before the first step. */
  opened(run: ActiveRun): void
  event(event: TrainerEvent): void
  /** The run ran to its end. */
  finished(run: ActiveRun): void
}

/** Number, from 1, of the epoch that `step` belongs to. */
export function epochOfStep(step: number, { batches }: RunProgress): number {
  return Math.floor((step - 1) / batches) + 1
}

/** Training time of the whole run, evaluation not counted. */
export function trainingSeconds({ epochs }: OpenRun): number {
  return epochs.reduce((sum, { seconds }) => sum + seconds, 0)
}
