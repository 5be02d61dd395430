import type { Floats } from '#core/tensor/floats'
import { logistic } from '../activations/sigmoid'
import { ShapeError } from '../shape-error'
import { Layer, type Place } from './layer'

/** y = a sigmoid(b), where a is the first half of a row and b the second.  [n, 2h] -> [n, h] */
export class GLU extends Layer {
  readonly type = 'GLU'

  constructor(place: Place, inFeatures: number) {
    if (inFeatures % 2 !== 0)
      throw new ShapeError(`GLU (layer ${place.path}) expects an even width, got ${inFeatures}`)
    super(place, inFeatures, inFeatures / 2)
  }

  protected forwardRows(x: Floats, y: Floats, n: number): void {
    const half = this.outFeatures
    for (let row = 0; row < n; row++) {
      const from = row * 2 * half
      for (let i = 0; i < half; i++)
        y[row * half + i] = (x[from + i] as number) * logistic(x[from + half + i] as number)
    }
  }

  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    const { outFeatures: half, input: x } = this
    for (let row = 0; row < n; row++) {
      const from = row * 2 * half
      for (let i = 0; i < half; i++) {
        const g = dy[row * half + i] as number
        const gate = logistic(x[from + half + i] as number)
        dx[from + i] = g * gate
        dx[from + half + i] = g * (x[from + i] as number) * gate * (1 - gate)
      }
    }
  }
}
