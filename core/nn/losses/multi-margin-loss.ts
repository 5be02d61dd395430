import type { LossSpec } from '#core/spec/losses'
import type { Floats } from '#core/tensor/floats'
import { classWeights } from './class-weights'
import { type Loss, type Targets, classAt, labelsOf } from './loss'

type MultiMarginSpec = Extract<LossSpec, { type: 'MultiMarginLoss' }>

/** Mean over the classes of weight_label * max(0, margin - output_label + output_c)^p, the label itself left out. */
export class MultiMarginLoss implements Loss {
  private readonly spec: MultiMarginSpec
  private readonly classes: number
  private readonly weight: Float64Array | null

  constructor(spec: MultiMarginSpec, classes: number) {
    this.spec = spec
    this.classes = classes
    this.weight = classWeights(spec.weight, classes, 'MultiMarginLoss weight')
  }

  divisor(_targets: Targets, n: number): number {
    return this.spec.reduction === 'sum' ? 1 : n
  }

  forward(output: Floats, targets: Targets, n: number, divisor = this.divisor(targets, n)): number {
    const { classes, spec } = this
    const labels = labelsOf(targets, 'MultiMarginLoss')
    let sum = 0
    for (let row = 0; row < n; row++) {
      const label = classAt(labels, row, classes)
      const weight = (this.weight?.[label] ?? 1) / classes
      for (let c = 0; c < classes; c++) {
        const short = this.shortfall(output, row * classes, label, c)
        if (c !== label && short > 0) sum += weight * short ** spec.p
      }
    }
    return sum / divisor
  }

  backward(
    output: Floats,
    targets: Targets,
    n: number,
    gradient: Floats,
    divisor = this.divisor(targets, n),
  ): void {
    const { classes, spec } = this
    const labels = labelsOf(targets, 'MultiMarginLoss')
    for (let row = 0; row < n; row++) {
      const label = classAt(labels, row, classes)
      const weight = (this.weight?.[label] ?? 1) / classes / divisor
      let pull = 0
      for (let c = 0; c < classes; c++) {
        const short = this.shortfall(output, row * classes, label, c)
        const push = c === label || short <= 0 ? 0 : weight * (spec.p === 1 ? 1 : 2 * short)
        gradient[row * classes + c] = push
        pull += push
      }
      gradient[row * classes + label] = -pull
    }
  }

  private shortfall(output: Floats, start: number, label: number, c: number): number {
    return this.spec.margin - (output[start + label] as number) + (output[start + c] as number)
  }
}
