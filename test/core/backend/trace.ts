import type { Backend } from '#core/backend/backend'
import type { Dataset } from '#core/data/dataset'
import { parseRunSpec, type RunSpec } from '#core/spec/run-spec'
import { createTrainer } from '#core/training/trainer'

/** Shape, norm, sum and up to 64 values at positions floor(i * n / k), k = min(64, n): test/golden/README.md. */
export interface Digest {
  readonly shape: readonly number[]
  readonly norm: number
  readonly sum: number
  readonly values: readonly number[]
}

export interface Trace {
  readonly losses: readonly number[]
  readonly final: Readonly<Record<string, Digest>>
  readonly averaged: Readonly<Record<string, Digest>>
}

export function specOf(document: unknown): RunSpec {
  const parsed = parseRunSpec(document)
  if (!parsed.ok) throw new Error(parsed.error.map(({ message }) => message).join('\n'))
  return parsed.value
}

/** Runs the first `steps` steps of a spec, or all of it. */
export async function traceOf(
  spec: RunSpec,
  dataset: Dataset,
  backend: Backend,
  steps = Infinity,
): Promise<Trace> {
  const losses: number[] = []
  const trainer = await createTrainer({
    spec,
    dataset,
    backend,
    clock: () => performance.now(),
    checkpointMilliseconds: Infinity,
    onEvent: (signal) => {
      if (signal.type === 'steps') losses.push(...signal.losses)
    },
  })
  if (steps === Infinity) await trainer.run()
  else while (losses.length < steps && trainer.state.phase !== 'failed') await trainer.takeStep()
  const { tensors } = (await trainer.checkpoint()).session
  await trainer.dispose()
  const digests = (prefix: string) =>
    Object.fromEntries(
      [...tensors]
        .filter(([name]) => (prefix === '' ? /^\d/.test(name) : name.startsWith(prefix)))
        .map(([name, { shape, data }]) => [name.slice(prefix.length), digestOf(shape, data)]),
    )
  return { losses, final: digests(''), averaged: digests('averaged.') }
}

function digestOf(shape: readonly number[], data: ArrayLike<number>): Digest {
  const all = Array.from(data)
  const k = Math.min(64, all.length)
  return {
    shape,
    norm: Math.sqrt(all.reduce((sum, value) => sum + value * value, 0)),
    sum: all.reduce((sum, value) => sum + value, 0),
    values: Array.from({ length: k }, (_, i) => all[Math.floor((i * all.length) / k)] ?? NaN),
  }
}

/** Largest difference between two lists, up to the length of the shorter expectation. */
export function worst(found: readonly number[], expected: readonly number[]): number {
  return expected.reduce((most, value, i) => Math.max(most, Math.abs((found[i] ?? NaN) - value)), 0)
}

/**
 * Largest distance of any tensor's sampled values, relative to their 2-norm: as generate.py measures drift. The expected digest may have
 * fewer samples than the found one.
 */
export function worstWeights(
  found: Readonly<Record<string, Digest>>,
  expected: Readonly<Record<string, Digest>>,
): number {
  return Object.entries(expected).reduce((most, [name, { values }]) => {
    const mine = found[name]?.values ?? []
    const stride = mine.length / values.length
    const apart = values.map((value, i) => (mine[Math.floor(i * stride)] ?? NaN) - value)
    return Math.max(most, norm(apart) / Math.max(norm(values), 1e-12))
  }, 0)
}

function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
}
