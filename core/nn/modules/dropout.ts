import type { Floats } from '#core/tensor/floats'
import { domains, dropThreshold } from '#core/tensor/philox'
import type { ForwardContext } from '../module'
import { Layer, type Place } from './layer'
import { Noise } from './noise'
import { Rows } from './rows'

/** In training y = x / (1 - p), or 0 with probability p, element by element; in evaluation y = x. */
export class Dropout extends Layer {
  readonly type = 'Dropout'
  readonly p: number
  /** Keys the layer's words: its number among all layers of the model. */
  readonly stream: number
  private readonly noise: Noise
  /** [n, features] dy/dx of the last pass. */
  private readonly factors: Rows

  constructor(place: Place, features: number, spec: { p: number }) {
    super(place, features, features)
    this.p = spec.p
    this.stream = place.index
    this.noise = new Noise(domains.dropout, place.index)
    this.factors = new Rows(place.make, features)
  }

  protected forwardRows(x: Floats, y: Floats, n: number, context: ForwardContext): void {
    const count = n * this.outFeatures
    const factors = this.factors.of(n)
    this.drawFactors(factors, count, context)
    for (let i = 0; i < count; i++) y[i] = (x[i] as number) * (factors[i] as number)
  }

  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    const count = n * this.outFeatures
    const factors = this.factors.of(n)
    for (let i = 0; i < count; i++) dx[i] = (dy[i] as number) * (factors[i] as number)
  }

  private drawFactors(factors: Floats, count: number, context: ForwardContext): void {
    const { p } = this
    if (!context.training || p === 1) {
      factors.fill(context.training ? 0 : 1, 0, count)
      return
    }
    const words = this.noise.draw(count, context)
    const bound = dropThreshold(p)
    const scale = 1 / (1 - p)
    for (let i = 0; i < count; i++) factors[i] = (words[i] as number) < bound ? 0 : scale
  }
}
