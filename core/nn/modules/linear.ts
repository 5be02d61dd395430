import type { LinearSpec } from '#core/spec/layers'
import type { Floats } from '#core/tensor/floats'
import type { Parameter } from '../module'
import { Layer, type Place } from './layer'

/** y = x Wᵀ + b.  x [n, in], weight [out, in], bias [out] -> y [n, out] */
export class Linear extends Layer {
  readonly type = 'Linear'
  readonly spec: LinearSpec
  readonly weight: Parameter
  readonly bias: Parameter | null
  /** One row of a gradient, summed in double precision whatever the storage. */
  private readonly sum: Float64Array

  constructor(place: Place, inFeatures: number, spec: LinearSpec) {
    super(place, inFeatures, spec.outFeatures)
    this.spec = spec
    this.weight = this.addParameter('weight', [spec.outFeatures, inFeatures], 'weight')
    this.bias = spec.bias ? this.addParameter('bias', [spec.outFeatures], 'bias') : null
    this.sum = new Float64Array(inFeatures)
  }

  protected forwardRows(x: Floats, y: Floats, n: number): void {
    const { inFeatures, outFeatures } = this
    const weight = this.weight.value
    const bias = this.bias?.value
    for (let row = 0; row < n; row++) {
      const from = row * inFeatures
      for (let o = 0; o < outFeatures; o++) {
        const w = o * inFeatures
        let sum = bias === undefined ? 0 : (bias[o] as number)
        for (let i = 0; i < inFeatures; i++)
          sum += (x[from + i] as number) * (weight[w + i] as number)
        y[row * outFeatures + o] = sum
      }
    }
  }

  protected backwardRows(dy: Floats, dx: Floats, n: number, inputGradient: boolean): void {
    this.addWeightGradient(dy, n)
    if (this.bias !== null) this.addBiasGradient(dy, n, this.bias.grad)
    if (inputGradient) this.writeInputGradient(dy, dx, n)
  }

  /** dW += dyᵀ x */
  private addWeightGradient(dy: Floats, n: number): void {
    const { inFeatures, outFeatures, input, sum } = this
    const { grad } = this.weight
    for (let o = 0; o < outFeatures; o++) {
      sum.fill(0)
      for (let row = 0; row < n; row++) {
        const g = dy[row * outFeatures + o] as number
        const from = row * inFeatures
        for (let i = 0; i < inFeatures; i++)
          sum[i] = (sum[i] as number) + g * (input[from + i] as number)
      }
      const to = o * inFeatures
      for (let i = 0; i < inFeatures; i++)
        grad[to + i] = (grad[to + i] as number) + (sum[i] as number)
    }
  }

  /** db += column sums of dy */
  private addBiasGradient(dy: Floats, n: number, grad: Floats): void {
    const { outFeatures } = this
    for (let o = 0; o < outFeatures; o++) {
      let sum = 0
      for (let row = 0; row < n; row++) sum += dy[row * outFeatures + o] as number
      grad[o] = (grad[o] as number) + sum
    }
  }

  /** dx = dy W */
  private writeInputGradient(dy: Floats, dx: Floats, n: number): void {
    const { inFeatures, outFeatures, sum } = this
    const weight = this.weight.value
    for (let row = 0; row < n; row++) {
      sum.fill(0)
      for (let o = 0; o < outFeatures; o++) {
        const g = dy[row * outFeatures + o] as number
        const w = o * inFeatures
        for (let i = 0; i < inFeatures; i++)
          sum[i] = (sum[i] as number) + g * (weight[w + i] as number)
      }
      dx.set(sum, row * inFeatures)
    }
  }
}
