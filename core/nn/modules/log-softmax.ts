import type { Floats } from '#core/tensor/floats'
import { logSumExp } from '../log-sum-exp'
import { Layer, type Place } from './layer'

/** y = x - log(sum e^x) over each row. */
export class LogSoftmax extends Layer {
  readonly type = 'LogSoftmax'

  constructor(place: Place, features: number) {
    super(place, features, features)
  }

  protected forwardRows(x: Floats, y: Floats, n: number): void {
    const width = this.outFeatures
    for (let row = 0; row < n; row++) {
      const start = row * width
      const total = logSumExp(x, start, width)
      for (let i = start; i < start + width; i++) y[i] = (x[i] as number) - total
    }
  }

  /** dx = dy - e^y * sum(dy) */
  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    const { outFeatures: width, output: y } = this
    for (let row = 0; row < n; row++) {
      const start = row * width
      let sum = 0
      for (let i = start; i < start + width; i++) sum += dy[i] as number
      for (let i = start; i < start + width; i++)
        dx[i] = (dy[i] as number) - Math.exp(y[i] as number) * sum
    }
  }
}
