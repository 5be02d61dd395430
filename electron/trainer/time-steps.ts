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
  /** Into so many parts the duration falls; the fastest counts. What disturbs the machine seldom lasts for all of them. */
  readonly parts?: number
}

/**
 * Trains for a moment and throws the result away. Seconds a step, validation between epochs included; null where the
 * net ended (diverged, for one) before there was anything to time.
 */
export async function timeSteps(options: TimingOptions): Promise<number | null> {
  const { dataset, backend, signal, warmUpMs = 250, durationMs = 900, parts = 1 } = options
  signal.throwIfAborted()
  const training = { ...options.spec.training, epochs: 100_000, earlyStopping: null }
  const marks: Mark[] = []
  let begun = Infinity
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
      if (mark.at - begun >= warmUpMs) marks.push(mark)
      if (mark.at - (marks[0]?.at ?? mark.at) >= durationMs) void trainer.pause()
    },
  })
  begun = performance.now()
  try {
    await trainer.run()
  } finally {
    await trainer.dispose()
  }
  signal.throwIfAborted()
  return fastest(marks, durationMs / parts)
}

interface Mark {
  readonly step: number
  /** Milliseconds. */
  readonly at: number
}

/** Seconds a step in the fastest stretch of at least `milliseconds`; of all, where there is none so long. */
function fastest(marks: readonly Mark[], milliseconds: number): number | null {
  let best: number | null = null
  let [from] = marks
  const end = marks.at(-1)
  for (const mark of marks) {
    if (from === undefined || (mark.at - from.at < milliseconds && mark !== end)) continue
    const seconds = secondsBetween(from, mark)
    const isWhole = mark.at - from.at >= milliseconds
    if (seconds !== null && (best === null || (isWhole && seconds < best))) best = seconds
    from = mark
  }
  return best
}

function secondsBetween(from: Mark, to: Mark): number | null {
  return to.step === from.step ? null : (to.at - from.at) / 1000 / (to.step - from.step)
}
