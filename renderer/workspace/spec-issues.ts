import { checkBatches } from '#core/spec/check-batches'
import { inferShapes } from '#core/spec/infer'
import type { SpecIssue } from '#core/spec/issue'
import { errorAt } from '#core/spec/issue-at'
import type { RunSpec } from '#core/spec/run-spec'

const classes = 10

/** What a person should change before a run, or know; messages without the path, which the place on the page says. */
export function specIssues(spec: RunSpec): readonly SpecIssue[] {
  const shapes = inferShapes(spec.model)
  const images = spec.dataset.trainSize - spec.dataset.valSize
  const { batchSize, dropLast } = spec.training
  const issues = [
    ...(shapes.ok ? outputIssues(spec, shapes.value.outFeatures) : shapes.error),
    ...checkBatches(spec.model, images, batchSize, dropLast),
  ]
  return issues.map((issue) => ({
    ...issue,
    message: issue.message.replace(`${issue.path}: `, ''),
  }))
}

function outputIssues({ model }: RunSpec, outFeatures: number): readonly SpecIssue[] {
  if (outFeatures === classes) return []
  const at = model.layers.findLastIndex(({ type }) => type === 'Linear')
  if (at < 0)
    return [
      errorAt(
        'model.layers',
        `must end with ${classes} features, one a digit; found ${outFeatures}`,
      ),
    ]
  const path = `model.layers.${at}.outFeatures`
  return [
    errorAt(path, `must be ${classes}, one a digit; found ${outFeatures}`, {
      kind: 'set',
      path,
      value: classes,
    }),
  ]
}
