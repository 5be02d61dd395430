import type { Floats } from '#core/tensor/floats'
import { activationOf } from '../activations/activation-of'
import type { ElementwiseActivation, ElementwiseSpec } from '../activations/elementwise'
import { Layer, type Place } from './layer'

/** y = f(x), element by element. */
export class ElementwiseLayer extends Layer {
  readonly type: ElementwiseSpec['type']
  readonly activation: ElementwiseActivation

  constructor(place: Place, features: number, spec: ElementwiseSpec) {
    super(place, features, features)
    this.type = spec.type
    this.activation = activationOf(spec)
  }

  protected forwardRows(x: Floats, y: Floats, n: number): void {
    const { activation } = this
    const count = n * this.outFeatures
    for (let i = 0; i < count; i++) y[i] = activation.forward(x[i] as number)
  }

  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    const { activation, input, output } = this
    const count = n * this.outFeatures
    for (let i = 0; i < count; i++)
      dx[i] = (dy[i] as number) * activation.derivative(input[i] as number, output[i] as number)
  }
}
