import type { TrainerApi } from '#core/contract/answers'
import type { TrainerExit } from '#core/contract/desktop'
import type { TrainerEvent } from '#core/contract/events'

/** What the window hears from its host. */
export interface ConnectionListener {
  readonly event: (event: TrainerEvent) => void
  /** The trainer process ended; `relaunch` starts it again. */
  readonly trainerExit: (exit: TrainerExit) => void
  /** The line to the trainer broke (`false`) or stands again (`true`): read the snapshot anew. */
  readonly online: (online: boolean) => void
}

/** The line to the trainer, whatever carries it. */
export interface Connection {
  readonly host: 'desktop' | 'serve'
  readonly trainer: TrainerApi
  /** Starts the trainer process again after it ended. */
  relaunch(): Promise<void>
}
