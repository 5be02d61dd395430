import type { Backend } from '#core/backend/backend'
import type { Dataset } from '#core/data/dataset'
import type { RunSpec } from '#core/spec/run-spec'
import { createTrainer } from '#core/training/trainer'

export interface TimingOptions {
  readonly spec: RunSpec
  readonly dataset: Dataset
  readonly backend: Backend
  readonly signal: AbortSignal
  /** Steps before this are not counted. */
  readonly warmUpMs?: number
  readonly durationMs?: number
}

/**
 * Trains for a moment and throws the result away. Seconds a step, validation between epochs included; null where the
 * net ended (diverged, for one) before there was anything to time.
 */
export async function timeSteps(options: TimingOptions): Promise<number | null> {
  const { dataset, backend, signal, warmUpMs = 250, durationMs = 900 } = options
  signal.throwIfAborted()
  const training = { ...options.spec.training, epochs: 100_000, earlyStopping: null }
  const begun = performance.now()
  let first: Mark | null = null
  let last: Mark | null = null
  const trainer = await createTrainer({
    spec: { ...options.spec, training },
    dataset,
    backend,
    clock: () => performance.now(),
    checkpointMilliseconds: Infinity,
    onEvent: ({ type }) => {
      if (type !== 'steps') return
      if (signal.aborted) void trainer.pause()
      const mark = { step: trainer.progress.step, at: performance.now() }
      if (first === null) {
        if (mark.at - begun >= warmUpMs) first = mark
        return
      }
      last = mark
      if (mark.at - first.at >= durationMs) void trainer.pause()
    },
  })
  try {
    await trainer.run()
  } finally {
    await trainer.dispose()
  }
  signal.throwIfAborted()
  return secondsBetween(first, last)
}

interface Mark {
  readonly step: number
  /** Milliseconds. */
  readonly at: number
}

function secondsBetween(first: Mark | null, last: Mark | null): number | null {
  if (first === null || last === null || last.step === first.step) return null
  return (last.at - first.at) / 1000 / (last.step - first.step)
}
