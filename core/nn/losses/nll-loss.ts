import type { LossSpec } from '#core/spec/losses'
import type { Floats } from '#core/tensor/floats'
import { classWeights } from './class-weights'
import { type Loss, type Targets, classAt, labelsOf } from './loss'

type NLLSpec = Extract<LossSpec, { type: 'NLLLoss' }>

/** -weight_label * output_label, for outputs that are log-probabilities. 'mean' divides by the labels' weights. */
export class NLLLoss implements Loss {
  private readonly spec: NLLSpec
  private readonly classes: number
  private readonly weight: Float64Array | null

  constructor(spec: NLLSpec, classes: number) {
    this.spec = spec
    this.classes = classes
    this.weight = classWeights(spec.weight, classes, 'NLLLoss weight')
  }

  divisor(targets: Targets, n: number): number {
    if (this.spec.reduction === 'sum') return 1
    const labels = labelsOf(targets, 'NLLLoss')
    let sum = 0
    for (let row = 0; row < n; row++)
      if (labels[row] !== this.spec.ignoreIndex) sum += this.weightOf(labels, row)
    return sum
  }

  forward(output: Floats, targets: Targets, n: number, divisor = this.divisor(targets, n)): number {
    const { classes } = this
    const labels = labelsOf(targets, 'NLLLoss')
    let sum = 0
    for (let row = 0; row < n; row++) {
      if (labels[row] === this.spec.ignoreIndex) continue
      const label = classAt(labels, row, classes)
      sum -= this.weightOf(labels, row) * (output[row * classes + label] as number)
    }
    return sum / divisor
  }

  backward(
    _output: Floats,
    targets: Targets,
    n: number,
    gradient: Floats,
    divisor = this.divisor(targets, n),
  ): void {
    const { classes } = this
    const labels = labelsOf(targets, 'NLLLoss')
    gradient.fill(0, 0, n * classes)
    for (let row = 0; row < n; row++) {
      if (labels[row] === this.spec.ignoreIndex) continue
      const label = classAt(labels, row, classes)
      gradient[row * classes + label] = -this.weightOf(labels, row) / divisor
    }
  }

  private weightOf(labels: Uint8Array | Int32Array, row: number): number {
    return this.weight?.[classAt(labels, row, this.classes)] ?? 1
  }
}
