import type { LayerReport } from '#core/backend/layer-report'
import type { TrainerCheckpoint } from './checkpoint'
import type { Notice } from './notice'
import type { EpochRecord, RunProgress, RunState, TestRecord } from './run-state'

/** What a trainer tells its host while it works. */
export type TrainerSignal =
  | { readonly type: 'state'; readonly state: RunState; readonly progress: RunProgress }
  | {
      readonly type: 'steps'
      /** Number of the first step, 1 for the first of the run. */
      readonly firstStep: number
      /** Loss of each batch before its update. */
      readonly losses: readonly number[]
      /** Share of each batch that was right. */
      readonly accuracies: readonly number[]
      /** Learning rate of the first parameter group at each step. */
      readonly lrs: readonly number[]
      readonly progress: RunProgress
    }
  | { readonly type: 'epoch'; readonly record: EpochRecord }
  | { readonly type: 'layers'; readonly step: number; readonly reports: readonly LayerReport[] }
  | {
      readonly type: 'checkpoint'
      readonly checkpoint: TrainerCheckpoint
      /** The monitored value is the best so far. */
      readonly best: boolean
      /** The run has ended: these are its final weights. */
      readonly final: boolean
    }
  | { readonly type: 'test'; readonly record: TestRecord }
  | {
      readonly type: 'notice'
      readonly level: 'info' | 'warning' | 'error'
      readonly notice: Notice
    }
