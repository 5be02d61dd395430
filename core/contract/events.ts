import type { LayerReport } from '#core/backend/layer-report'
import type { Notice } from '#core/training/notice'
import type { EpochRecord, RunProgress, RunState, TestRecord } from '#core/training/run-state'
import type { DeviceChoice, OpenRun } from './answers'
import type { TrainerExit } from './desktop'

/**
 * What the trainer tells every window, unasked. `run` is the id of the run that is meant.
 * `steps` comes at most every 50 ms and holds all steps since the last one.
 */
export type TrainerEvent =
  /** The GPU was found, or is known to be missing: takes the place of what `hello` said. */
  | { readonly type: 'devices'; readonly devices: readonly DeviceChoice[] }
  | { readonly type: 'opened'; readonly open: OpenRun }
  | {
      readonly type: 'state'
      readonly run: string
      readonly state: RunState
      readonly progress: RunProgress
    }
  | {
      readonly type: 'steps'
      readonly run: string
      /** Number of the first step, 1 for the first of the run. */
      readonly firstStep: number
      readonly losses: readonly number[]
      readonly accuracies: readonly number[]
      readonly lrs: readonly number[]
      readonly progress: RunProgress
    }
  | { readonly type: 'epoch'; readonly run: string; readonly record: EpochRecord }
  | {
      readonly type: 'layers'
      readonly run: string
      readonly step: number
      readonly reports: readonly LayerReport[]
    }
  | { readonly type: 'test'; readonly run: string; readonly record: TestRecord }
  | {
      readonly type: 'notice'
      readonly level: 'info' | 'warning' | 'error'
      readonly notice: Notice
    }

/** What a window offers to the trainer. */
export interface WindowApi {
  event(event: TrainerEvent): void
  /** From `serve`, when the trainer process ended; in Electron `window.desktop.onTrainerExit` says so. */
  trainerExit(exit: TrainerExit): void
}
