import type { Block } from '#core/backend/backend'
import type { Schedule } from '#core/optim/schedule'
import type { TrainingSpec } from '#core/spec/training'
import type { Cursor } from './cursor'

/** A block, and what its report will be read with. */
export interface PlannedBlock {
  readonly block: Block
  /** [steps] images of each batch. */
  readonly sizes: readonly number[]
  /** [steps] rate of the first parameter group. */
  readonly lrs: readonly number[]
}

/**
 * The next steps of the run, at most `mostSteps` and all of one epoch. Moves the schedule on, not the cursor. A block
 * ends at a step that is to be diagnosed, so that each has at most one, its last.
 */
export function nextBlock(
  training: TrainingSpec,
  cursor: Cursor,
  schedule: Schedule,
  mostSteps: number,
): PlannedBlock {
  const { diagnoseEvery: every } = training
  const untilDiagnosis = stepsUntilDiagnosis(every, cursor.step)
  const steps = Math.min(mostSteps, cursor.batches - cursor.batch, untilDiagnosis)
  const { indices, batchEnds, sizes } = cursor.stretch(steps)
  const rates = Array.from({ length: steps }, () => {
    const rate = schedule.rates()
    schedule.onBatch()
    return rate
  })
  return {
    block: {
      indices,
      batchEnds,
      firstStep: cursor.step,
      epoch: cursor.epoch,
      learningRates: Float64Array.from(rates.flatMap(({ lrs }) => lrs)),
      momenta: rates.some(({ momentum }) => momentum !== null)
        ? Float64Array.from(rates, ({ momentum }) => momentum ?? NaN)
        : null,
      diagnoseAt: steps === untilDiagnosis ? steps - 1 : null,
      foldAverage: foldsAverage(training, cursor, steps),
    },
    sizes,
    lrs: rates.map(({ lrs }) => lrs[0] ?? 0),
  }
}

/** The first step is always looked at, where any is: only there has the init not been trained away. */
function stepsUntilDiagnosis(every: number, step: number): number {
  if (every === 0) return Infinity
  return step === 0 ? 1 : every - (step % every)
}

/** How many steps were looked at when step `last` was, 1 for the first of the run. */
export function looksUntil(every: number, last: number): number {
  if (every === 0) return 0
  return every === 1 ? last : 1 + Math.floor(last / every)
}

/** SWA takes the parameters in at the end of each epoch from startEpoch on. */
function foldsAverage({ averaging }: TrainingSpec, cursor: Cursor, steps: number): boolean {
  const endsEpoch = cursor.batch + steps === cursor.batches
  return averaging?.type === 'SWA' && endsEpoch && cursor.epoch >= averaging.startEpoch
}
