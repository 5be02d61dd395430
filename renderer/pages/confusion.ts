/** Figures of a confusion matrix [classes * classes], row = label, column = prediction. */
export interface ClassFigures {
  readonly label: number
  readonly support: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export interface Mistake {
  readonly label: number
  readonly prediction: number
  readonly count: number
}

export function classFigures(confusion: readonly number[], classes: number): ClassFigures[] {
  const at = (label: number, prediction: number) => confusion[label * classes + prediction] ?? 0
  const all = Array.from({ length: classes }, (_, i) => i)
  return all.map((label) => {
    const right = at(label, label)
    const support = all.reduce((sum, prediction) => sum + at(label, prediction), 0)
    const predicted = all.reduce((sum, other) => sum + at(other, label), 0)
    const precision = predicted === 0 ? 0 : right / predicted
    const recall = support === 0 ? 0 : right / support
    const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
    return { label, support, precision, recall, f1 }
  })
}

/** Off the diagonal, most frequent first. */
export function mistakes(confusion: readonly number[], classes: number): Mistake[] {
  return confusion
    .map((count, i) => ({ label: Math.floor(i / classes), prediction: i % classes, count }))
    .filter(({ label, prediction, count }) => label !== prediction && count > 0)
    .sort((a, b) => b.count - a.count)
}
