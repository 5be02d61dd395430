import type { StateTensor } from '#core/backend/backend'
import type { Dataset } from '#core/data/dataset'
import type { RunSpec } from '#core/spec/run-spec'
import { Mt19937 } from '#core/tensor/mt19937'
import { fail, ok, type Result } from '#core/tensor/result'
import { drawParameters, toStateTensor } from '#core/training/initial-parameters'

type Parameters = ReadonlyMap<string, StateTensor>

/**
 * What a trainer or a session would refuse, said before anything is started: images that are not there, initial weights
 * that do not fit. Returns the number of parameters.
 */
export function checkSpec(
  spec: RunSpec,
  dataset: Dataset,
  initial: Parameters | null = null,
): Result<number, string> {
  const { trainSize } = spec.dataset
  const { count } = dataset.train
  if (trainSize > count)
    return fail(
      `dataset.trainSize: found ${trainSize}; allowed: up to the ${count} training images of ${dataset.name}`,
    )
  const parameters = drawParameters(spec.model, new Mt19937(spec.training.seed))
  const drawn = new Map(parameters.map(toStateTensor))
  const problem = initial === null ? null : mismatch(drawn, initial)
  if (problem !== null) return fail(`the initial weights do not fit the model: ${problem}`)
  return ok([...drawn.values()].reduce((sum, { data }) => sum + data.length, 0))
}

/** What is wrong with `found`, or null. */
function mismatch(expected: Parameters, found: Parameters): string | null {
  for (const [name, { shape }] of expected) {
    const given = found.get(name)
    if (given === undefined) return `"${name}" [${shape.join(', ')}] is missing`
    if (given.shape.join() !== shape.join())
      return `"${name}" has the shape [${given.shape.join(', ')}], expected [${shape.join(', ')}]`
  }
  for (const name of found.keys())
    if (!expected.has(name)) return `"${name}" is not a parameter of the model`
  return null
}
