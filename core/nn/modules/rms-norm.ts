import type { RMSNormSpec } from '#core/spec/layers'
import type { Floats } from '#core/tensor/floats'
import type { Parameter } from '../module'
import { Layer, type Place } from './layer'
import { Rows } from './rows'

/**
 * y = x / sqrt(mean(x²) + eps) * weight over each row. Without eps, torch takes the machine epsilon of the storage:
 * 2^-23 in float32, 2^-52 in float64.
 */
export class RMSNorm extends Layer {
  readonly type = 'RMSNorm'
  readonly weight: Parameter | null
  private readonly eps: number
  /** [n] 1 / root mean square of each row of the last pass. */
  private readonly scales = new Rows((length) => new Float64Array(length), 1)

  constructor(place: Place, features: number, spec: RMSNormSpec) {
    super(place, features, features)
    const machineEpsilon = place.make(0).BYTES_PER_ELEMENT === 4 ? 2 ** -23 : 2 ** -52
    this.eps = spec.eps ?? machineEpsilon
    this.weight = spec.elementwiseAffine ? this.addParameter('weight', [features], 'norm', 1) : null
  }

  protected forwardRows(x: Floats, y: Floats, n: number): void {
    const width = this.outFeatures
    const scales = this.scales.of(n)
    const weight = this.weight?.value
    for (let row = 0; row < n; row++) {
      const start = row * width
      let squares = 0
      for (let i = 0; i < width; i++) squares += (x[start + i] as number) ** 2
      const scale = 1 / Math.sqrt(squares / width + this.eps)
      scales[row] = scale
      for (let i = 0; i < width; i++)
        y[start + i] = (x[start + i] as number) * scale * (weight?.[i] ?? 1)
    }
  }

  /** With z = x * scale and g = dy * weight: dx = scale * (g - z * mean(g z)). */
  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    const { outFeatures: width, input: x } = this
    const scales = this.scales.of(n)
    const weight = this.weight?.value
    for (let row = 0; row < n; row++) {
      const start = row * width
      const scale = scales[row] as number
      let sumGz = 0
      for (let i = 0; i < width; i++)
        sumGz += (dy[start + i] as number) * (weight?.[i] ?? 1) * (x[start + i] as number) * scale
      for (let i = 0; i < width; i++) {
        const g = (dy[start + i] as number) * (weight?.[i] ?? 1)
        dx[start + i] = scale * (g - ((x[start + i] as number) * scale * sumGz) / width)
      }
    }
    this.addWeightGradient(dy, n)
  }

  private addWeightGradient(dy: Floats, n: number): void {
    const { outFeatures: width, input: x, weight } = this
    if (weight === null) return
    const scales = this.scales.of(n)
    for (let i = 0; i < width; i++) {
      let sum = 0
      for (let row = 0; row < n; row++)
        sum +=
          (dy[row * width + i] as number) * (x[row * width + i] as number) * (scales[row] as number)
      weight.grad[i] = (weight.grad[i] as number) + sum
    }
  }
}
