import type { StateTensor } from '#core/backend/backend'
import type { Dataset } from '#core/data/dataset'
import { inferShapes } from '#core/spec/infer'
import type { SpecIssue } from '#core/spec/issue'
import type { RunSpec } from '#core/spec/run-spec'
import { Mt19937 } from '#core/tensor/mt19937'
import { fail, ok, type Result } from '#core/tensor/result'
import { drawParameters } from '#core/training/initial-parameters'
import { runIssues } from '#core/training/run-issues'

type Weights = ReadonlyMap<string, StateTensor>

/**
 * What a trainer or a session would refuse, said before anything is started: layers that do not fit together, images
 * that are not there, initial weights of other shapes. Returns the number of parameters.
 */
export function checkSpec(
  spec: RunSpec,
  dataset: Dataset,
  initial: Weights | null = null,
): Result<number, string> {
  const errors = issuesOf(spec, dataset).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) return fail(errors.map(({ message }) => message).join('; '))
  const shapes = inferShapes(spec.model)
  if (!shapes.ok) return fail('the layers do not fit together')
  const problem = initial === null ? null : mismatch(spec, initial)
  if (problem !== null) return fail(`the initial weights do not fit the model: ${problem}`)
  return ok(shapes.value.parameters)
}

/** What works and is rarely meant. */
export function specWarnings(spec: RunSpec, dataset: Dataset): readonly SpecIssue[] {
  return issuesOf(spec, dataset).filter(({ severity }) => severity === 'warning')
}

function issuesOf(spec: RunSpec, { name, train }: Dataset): readonly SpecIssue[] {
  return runIssues(spec, {
    name,
    trainImages: train.count,
    pixels: train.rows * train.cols,
    classes: train.classes,
  })
}

/** What is wrong with the weights, or null. */
function mismatch(spec: RunSpec, found: Weights): string | null {
  const expected = drawParameters(spec.model, new Mt19937(spec.training.seed))
  for (const { name, shape } of expected) {
    const given = found.get(name)
    if (given === undefined) return `"${name}" [${shape.join(', ')}] is missing`
    if (given.shape.join() !== shape.join())
      return `"${name}" has the shape [${given.shape.join(', ')}], expected [${shape.join(', ')}]`
  }
  const names = new Set(expected.map(({ name }) => name))
  const stranger = [...found.keys()].find((name) => !names.has(name))
  return stranger === undefined ? null : `"${stranger}" is not a parameter of the model`
}
