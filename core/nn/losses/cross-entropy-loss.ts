import type { LossSpec } from '#core/spec/losses'
import type { Floats } from '#core/tensor/floats'
import { logSumExp } from '../log-sum-exp'
import { classWeights } from './class-weights'
import { type Loss, type Targets, classAt } from './loss'

type CrossEntropySpec = Extract<LossSpec, { type: 'CrossEntropyLoss' }>

/**
 * Cross entropy between softmax(output) and a distribution q over the classes: the sum over the classes c of
 * -weight_c q_c log softmax(output)_c. For a class label, q is (1 - labelSmoothing) on the label plus labelSmoothing
 * spread over all classes; dense targets are q itself, smoothed in the same way. 'mean' divides by the sum of the
 * labels' weights, for dense targets by the number of rows.
 */
export class CrossEntropyLoss implements Loss {
  private readonly spec: CrossEntropySpec
  private readonly classes: number
  private readonly weight: Float64Array | null
  /** weight_c q_c of the row at hand. */
  private readonly mass: Float64Array

  constructor(spec: CrossEntropySpec, classes: number) {
    this.spec = spec
    this.classes = classes
    this.weight = classWeights(spec.weight, classes, 'CrossEntropyLoss weight')
    this.mass = new Float64Array(classes)
  }

  divisor(targets: Targets, n: number): number {
    if (this.spec.reduction === 'sum') return 1
    if (targets.kind === 'dense') return n
    let sum = 0
    for (let row = 0; row < n; row++) {
      if (targets.labels[row] === this.spec.ignoreIndex) continue
      sum += this.weight?.[classAt(targets.labels, row, this.classes)] ?? 1
    }
    return sum
  }

  forward(output: Floats, targets: Targets, n: number, divisor = this.divisor(targets, n)): number {
    const { classes, mass } = this
    let sum = 0
    for (let row = 0; row < n; row++) {
      if (!this.readMass(targets, row)) continue
      const start = row * classes
      const total = logSumExp(output, start, classes)
      for (let c = 0; c < classes; c++) {
        const m = mass[c] as number
        if (m !== 0) sum += m * (total - (output[start + c] as number))
      }
    }
    return sum / divisor
  }

  /** d/dx_c = softmax_c * (sum of mass) - mass_c */
  backward(
    output: Floats,
    targets: Targets,
    n: number,
    gradient: Floats,
    divisor = this.divisor(targets, n),
  ): void {
    const { classes, mass } = this
    for (let row = 0; row < n; row++) {
      const start = row * classes
      if (!this.readMass(targets, row)) {
        gradient.fill(0, start, start + classes)
        continue
      }
      const total = logSumExp(output, start, classes)
      let whole = 0
      for (let c = 0; c < classes; c++) whole += mass[c] as number
      for (let c = 0; c < classes; c++) {
        const share = Math.exp((output[start + c] as number) - total)
        gradient[start + c] = (share * whole - (mass[c] as number)) / divisor
      }
    }
  }

  /** Fills `mass` for one row; false where the row is ignored. */
  private readMass(targets: Targets, row: number): boolean {
    const { classes, mass, weight } = this
    const { labelSmoothing, ignoreIndex } = this.spec
    if (targets.kind === 'classes' && targets.labels[row] === ignoreIndex) return false
    const label = targets.kind === 'classes' ? classAt(targets.labels, row, classes) : -1
    for (let c = 0; c < classes; c++) {
      const q =
        targets.kind === 'dense'
          ? (targets.values[row * classes + c] as number)
          : Number(c === label)
      mass[c] = (q * (1 - labelSmoothing) + labelSmoothing / classes) * (weight?.[c] ?? 1)
    }
    return true
  }
}
