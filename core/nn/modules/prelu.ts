import type { Floats } from '#core/tensor/floats'
import type { Parameter } from '../module'
import { ShapeError } from '../shape-error'
import { Layer, type Place } from './layer'

/** y = x above 0, a x elsewhere, with a learned slope for all features or one for each; derivative a at 0. */
export class PReLU extends Layer {
  readonly type = 'PReLU'
  readonly weight: Parameter

  constructor(place: Place, features: number, spec: { numParameters: number; init: number }) {
    super(place, features, features)
    if (spec.numParameters !== 1 && spec.numParameters !== features)
      throw new ShapeError(
        `PReLU (layer ${place.path}) expects numParameters 1 or ${features}, got ${spec.numParameters}`,
      )
    this.weight = this.addParameter('weight', [spec.numParameters], 'slope', spec.init)
  }

  protected forwardRows(x: Floats, y: Floats, n: number): void {
    const slopes = this.weight.value
    const count = n * this.outFeatures
    for (let i = 0; i < count; i++) {
      const v = x[i] as number
      y[i] = v > 0 ? v : (slopes[i % slopes.length] as number) * v
    }
  }

  /** da = sum of dy x where x <= 0 */
  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    const { input: x } = this
    const { value: slopes, grad } = this.weight
    const count = n * this.outFeatures
    for (let a = 0; a < slopes.length; a++) {
      const slope = slopes[a] as number
      let sum = 0
      for (let i = a; i < count; i += slopes.length) {
        const g = dy[i] as number
        const v = x[i] as number
        dx[i] = v > 0 ? g : g * slope
        if (v <= 0) sum += g * v
      }
      grad[a] = (grad[a] as number) + sum
    }
  }
}
