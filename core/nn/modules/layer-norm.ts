import type { LayerNormSpec } from '#core/spec/layers'
import type { Floats } from '#core/tensor/floats'
import type { Parameter } from '../module'
import { Layer, type Place } from './layer'
import { Rows } from './rows'

/** y = (x - mean) / sqrt(var + eps) * weight + bias over each row, with the biased variance. */
export class LayerNorm extends Layer {
  readonly type = 'LayerNorm'
  readonly weight: Parameter | null
  readonly bias: Parameter | null
  private readonly eps: number
  /** [n, 2] mean and 1 / deviation of each row of the last pass. */
  private readonly statistics = new Rows((length) => new Float64Array(length), 2)

  constructor(place: Place, features: number, spec: LayerNormSpec) {
    super(place, features, features)
    const { elementwiseAffine: affine } = spec
    this.eps = spec.eps
    this.weight = affine ? this.addParameter('weight', [features], 'norm', 1) : null
    this.bias = affine && spec.bias ? this.addParameter('bias', [features], 'norm') : null
  }

  protected forwardRows(x: Floats, y: Floats, n: number): void {
    const width = this.outFeatures
    const statistics = this.statistics.of(n)
    const weight = this.weight?.value
    const bias = this.bias?.value
    for (let row = 0; row < n; row++) {
      const start = row * width
      let sum = 0
      for (let i = 0; i < width; i++) sum += x[start + i] as number
      const mean = sum / width
      let squares = 0
      for (let i = 0; i < width; i++) squares += ((x[start + i] as number) - mean) ** 2
      const scale = 1 / Math.sqrt(squares / width + this.eps)
      statistics[2 * row] = mean
      statistics[2 * row + 1] = scale
      for (let i = 0; i < width; i++)
        y[start + i] =
          ((x[start + i] as number) - mean) * scale * (weight?.[i] ?? 1) + (bias?.[i] ?? 0)
    }
  }

  /** With z = (x - mean) * scale and g = dy * weight: dx = scale * (g - mean(g) - z * mean(g z)). */
  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    const { outFeatures: width, input: x } = this
    const statistics = this.statistics.of(n)
    const weight = this.weight?.value
    for (let row = 0; row < n; row++) {
      const start = row * width
      const mean = statistics[2 * row] as number
      const scale = statistics[2 * row + 1] as number
      let sumG = 0
      let sumGz = 0
      for (let i = 0; i < width; i++) {
        const g = (dy[start + i] as number) * (weight?.[i] ?? 1)
        sumG += g
        sumGz += g * ((x[start + i] as number) - mean) * scale
      }
      for (let i = 0; i < width; i++) {
        const g = (dy[start + i] as number) * (weight?.[i] ?? 1)
        const z = ((x[start + i] as number) - mean) * scale
        dx[start + i] = scale * (g - sumG / width - (z * sumGz) / width)
      }
    }
    this.addParameterGradients(dy, n)
  }

  private addParameterGradients(dy: Floats, n: number): void {
    const { outFeatures: width, input: x, weight, bias } = this
    if (weight === null) return
    const statistics = this.statistics.of(n)
    for (let i = 0; i < width; i++) {
      let sum = 0
      let sumZ = 0
      for (let row = 0; row < n; row++) {
        const g = dy[row * width + i] as number
        const mean = statistics[2 * row] as number
        sum += g
        sumZ += g * ((x[row * width + i] as number) - mean) * (statistics[2 * row + 1] as number)
      }
      weight.grad[i] = (weight.grad[i] as number) + sumZ
      if (bias !== null) bias.grad[i] = (bias.grad[i] as number) + sum
    }
  }
}
