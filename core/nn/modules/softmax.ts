import type { Floats } from '#core/tensor/floats'
import { logSumExp } from '../log-sum-exp'
import { Layer, type Place } from './layer'

/** Softmax: y = e^x / sum e^x over each row. Softmin: the same of -x. */
export class Softmax extends Layer {
  readonly type: 'Softmax' | 'Softmin'
  private readonly sign: 1 | -1

  constructor(place: Place, features: number, type: 'Softmax' | 'Softmin') {
    super(place, features, features)
    this.type = type
    this.sign = type === 'Softmax' ? 1 : -1
  }

  protected forwardRows(x: Floats, y: Floats, n: number): void {
    const { outFeatures: width, sign } = this
    for (let row = 0; row < n; row++) {
      const start = row * width
      for (let i = start; i < start + width; i++) y[i] = sign * (x[i] as number)
      const total = logSumExp(y, start, width)
      for (let i = start; i < start + width; i++) y[i] = Math.exp((y[i] as number) - total)
    }
  }

  /** dx = sign * y * (dy - sum(dy * y)) */
  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    const { outFeatures: width, output: y, sign } = this
    for (let row = 0; row < n; row++) {
      const start = row * width
      let dot = 0
      for (let i = start; i < start + width; i++) dot += (dy[i] as number) * (y[i] as number)
      for (let i = start; i < start + width; i++)
        dx[i] = sign * (y[i] as number) * ((dy[i] as number) - dot)
    }
  }
}
