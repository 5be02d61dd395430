import type { Floats } from '#core/tensor/floats'
import { type Loss, type Targets, classAt } from './loss'

/** One element's share of a loss: x is the output, t the target, c the column. */
export interface LossTerm {
  value(x: number, t: number, c: number): number
  /** d value / dx */
  derivative(x: number, t: number, c: number): number
}

export type ElementReduction = 'mean' | 'batchmean' | 'sum'

/**
 * Sum of a term over all elements. 'mean' divides by the number of elements, 'batchmean' by the number of rows.
 * A class label stands for its one-hot row.
 */
export class ElementwiseLoss implements Loss {
  private readonly term: LossTerm
  private readonly reduction: ElementReduction
  private readonly width: number

  constructor(term: LossTerm, reduction: ElementReduction, width: number) {
    this.term = term
    this.reduction = reduction
    this.width = width
  }

  divisor(_targets: Targets, n: number): number {
    switch (this.reduction) {
      case 'sum':
        return 1
      case 'batchmean':
        return n
      case 'mean':
        return n * this.width
    }
  }

  forward(output: Floats, targets: Targets, n: number, divisor = this.divisor(targets, n)): number {
    const { term, width } = this
    let sum = 0
    for (let row = 0; row < n; row++) {
      const label = this.labelOf(targets, row)
      for (let c = 0; c < width; c++) {
        const i = row * width + c
        sum += term.value(output[i] as number, targetAt(targets, i, c, label), c)
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
    const { term, width } = this
    for (let row = 0; row < n; row++) {
      const label = this.labelOf(targets, row)
      for (let c = 0; c < width; c++) {
        const i = row * width + c
        const t = targetAt(targets, i, c, label)
        gradient[i] = term.derivative(output[i] as number, t, c) / divisor
      }
    }
  }

  private labelOf(targets: Targets, row: number): number {
    return targets.kind === 'classes' ? classAt(targets.labels, row, this.width) : -1
  }
}

function targetAt(targets: Targets, i: number, c: number, label: number): number {
  return targets.kind === 'dense' ? (targets.values[i] as number) : Number(c === label)
}
