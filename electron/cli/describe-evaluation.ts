import type { Evaluation } from '#core/backend/backend'
import { accuracyOf } from '#core/training/metrics'

/** An evaluation for a program and, as lines, for a person. */
export function describeEvaluation(
  run: string,
  split: string,
  evaluation: Evaluation,
): { readonly json: object; readonly lines: readonly string[] } {
  const accuracy = accuracyOf(evaluation)
  const classes = Math.sqrt(evaluation.confusion.length)
  const confusion = Array.from({ length: classes }, (_, row) => [
    ...evaluation.confusion.subarray(row * classes, (row + 1) * classes),
  ])
  const cells = (values: readonly (number | string)[]): string =>
    values.map((value) => String(value).padStart(6)).join('')
  return {
    json: { type: 'evaluation', run, split, loss: evaluation.loss, accuracy, confusion },
    lines: [
      `${split}: accuracy ${(100 * accuracy).toFixed(2)} %, loss ${evaluation.loss.toFixed(4)}, ${evaluation.count} images`,
      'confusion (row: label, column: answer)',
      `  ${cells([...confusion.keys()])}`,
      ...confusion.map((row, label) => `${label} ${cells(row)}`),
    ],
  }
}
