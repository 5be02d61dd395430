import type { DeviceName, NumericalFailure } from '#core/backend/backend'

/** Why a run failed, for a person and for the exit status. */
export type FailureReason =
  | ({ readonly kind: 'diverged' } & NumericalFailure)
  | { readonly kind: 'device'; readonly device: DeviceName; readonly message: string }
  | { readonly kind: 'error'; readonly message: string }

export type RunState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running' }
  | { readonly phase: 'paused' }
  | { readonly phase: 'finished' }
  | { readonly phase: 'stopped' }
  | { readonly phase: 'failed'; readonly reason: FailureReason }

/** Where the numbers gave out, if that is how the run ended. */
export function diverged(state: RunState): NumericalFailure | null {
  return state.phase === 'failed' && state.reason.kind === 'diverged' ? state.reason : null
}

export interface RunProgress {
  /** Epochs completed. */
  readonly epoch: number
  readonly epochs: number
  /** Batches completed in the present epoch. */
  readonly batch: number
  readonly batches: number
  /** Optimizer steps taken. */
  readonly step: number
  readonly imagesPerSecond: number | null
  readonly secondsLeft: number | null
}

export interface EpochRecord {
  /** 1 for the first. */
  readonly epoch: number
  /** Step at which the epoch ended. */
  readonly step: number
  /** Means over the epoch's batches, each taken before its update. */
  readonly trainLoss: number
  readonly trainAccuracy: number
  readonly valLoss?: number
  readonly valAccuracy?: number
  /** Training time of the epoch, evaluation not counted. */
  readonly seconds: number
  readonly imagesPerSecond: number
  readonly lr: number
}

export interface TestRecord {
  readonly testLoss: number
  readonly testAccuracy: number
  /** [classes * classes] row = label, column = prediction. */
  readonly confusion: readonly number[]
}
