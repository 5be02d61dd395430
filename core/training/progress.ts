import type { Cursor } from './cursor'
import type { RunProgress } from './run-state'

/** Where a run stands and how long it will still train at its present speed. */
export function progressOf(
  { epoch, batch, batches, step, train }: Cursor,
  epochs: number,
  millisecondsPerStep: number | null,
): RunProgress {
  const stepsLeft = Math.max(0, (epochs - epoch) * batches - batch)
  const imagesPerStep = train.length / batches
  return {
    epoch,
    epochs,
    batch,
    batches,
    step,
    imagesPerSecond:
      millisecondsPerStep === null ? null : (1000 * imagesPerStep) / millisecondsPerStep,
    secondsLeft: millisecondsPerStep === null ? null : (stepsLeft * millisecondsPerStep) / 1000,
  }
}
