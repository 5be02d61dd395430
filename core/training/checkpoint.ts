import type { SessionState } from '#core/backend/backend'
import { Mt19937, type Mt19937State } from '#core/tensor/mt19937'

/** Sums over the batches of the epoch that is under way. */
export interface EpochSums {
  readonly loss: number
  readonly hits: number
  readonly images: number
  readonly seconds: number
}

export interface BestEpoch {
  readonly epoch: number
  readonly value: number
}

/**
 * Where a run stands, as plain JSON. With the session's state it decides every later step, so that a resumed run
 * ends with the same weights as an uninterrupted one.
 */
export interface RunPosition {
  /** Epochs completed. */
  readonly epoch: number
  /** Batches completed in the present epoch. */
  readonly batch: number
  /** Optimizer steps taken. */
  readonly step: number
  /** The default generator as it stood at the beginning of the present epoch, before its order was drawn. */
  readonly generator: SavedGenerator
  readonly sums: EpochSums
  /** State of the scheduler, as its exportState gives it. */
  readonly schedule: unknown
  readonly best: BestEpoch | null
  /** Epochs since the monitored value last became better. */
  readonly badEpochs: number
}

export interface TrainerCheckpoint {
  readonly session: SessionState
  readonly position: RunPosition
}

/** Mt19937State as JSON. */
export interface SavedGenerator {
  readonly words: readonly number[]
  readonly index: number
  readonly spareNormal: number | null
}

export function saveGenerator(generator: Mt19937): SavedGenerator {
  const { words, index, spareNormal }: Mt19937State = generator.exportState()
  return { words: [...words], index, spareNormal }
}

/** Throws GeneratorStateError where no generator can have written `saved`. */
export function loadGenerator(saved: SavedGenerator): Mt19937 {
  return Mt19937.fromState({ ...saved, words: Uint32Array.from(saved.words) })
}
