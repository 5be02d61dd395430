import type { Backend, StateTensor } from '#core/backend/backend'
import type { Dataset } from '#core/data/dataset'
import type { RunSpec } from '#core/spec/run-spec'
import type { TrainerCheckpoint } from './checkpoint'
import type { TrainerSignal } from './signal'

export interface TrainerOptions {
  readonly spec: RunSpec
  readonly dataset: Dataset
  readonly backend: Backend
  /** Milliseconds of a steady clock. */
  readonly clock: () => number
  readonly onEvent: (signal: TrainerSignal) => void | Promise<void>
  readonly resume?: TrainerCheckpoint
  /** The best checkpoint of the run that is resumed, for early stopping to restore. */
  readonly resumeBest?: TrainerCheckpoint
  /** Start from these parameters instead of drawing them; the generator is advanced as if they had been drawn. */
  readonly initial?: ReadonlyMap<string, StateTensor>
  /** About how long a call to the session may take. */
  readonly blockMilliseconds?: number
  /** Time between checkpoints inside an epoch. */
  readonly checkpointMilliseconds?: number
}
