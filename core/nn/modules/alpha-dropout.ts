import type { Floats } from '#core/tensor/floats'
import { domains, dropThreshold } from '#core/tensor/philox'
import { SELU_ALPHA, SELU_SCALE } from '../activations/exponential-linear'
import type { ForwardContext } from '../module'
import { Layer, type Place } from './layer'
import { Noise } from './noise'
import { Rows } from './rows'

/** What SELU tends to far below zero: the value of a dropped unit. */
const SATURATION = -SELU_SCALE * SELU_ALPHA

/**
 * Dropout for SELU nets (Klambauer et al. 2017): with probability p a unit is set to SELU's lowest value, then all
 * are mapped by a x + b, which keeps mean 0 and variance 1. In evaluation y = x. At p = 1, as in torch, y = 0.
 */
export class AlphaDropout extends Layer {
  readonly type = 'AlphaDropout'
  private readonly p: number
  private readonly noise: Noise
  /** [n, features] dy/dx of the last pass: a or 0, in evaluation 1. */
  private readonly factors: Rows

  constructor(place: Place, features: number, spec: { p: number }) {
    super(place, features, features)
    this.p = spec.p
    this.noise = new Noise(domains.dropout, place.index)
    this.factors = new Rows(place.make, features)
  }

  protected forwardRows(x: Floats, y: Floats, n: number, context: ForwardContext): void {
    const { p } = this
    const count = n * this.outFeatures
    const factors = this.factors.of(n)
    if (!context.training || p === 1) {
      const factor = context.training ? 0 : 1
      factors.fill(factor, 0, count)
      for (let i = 0; i < count; i++) y[i] = (x[i] as number) * factor
      return
    }
    const a = 1 / Math.sqrt((SATURATION * SATURATION * p + 1) * (1 - p))
    const b = -a * SATURATION * p
    const words = this.noise.draw(count, context)
    const bound = dropThreshold(p)
    for (let i = 0; i < count; i++) {
      const kept = (words[i] as number) >= bound
      factors[i] = kept ? a : 0
      y[i] = a * (kept ? (x[i] as number) : SATURATION) + b
    }
  }

  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    const count = n * this.outFeatures
    const factors = this.factors.of(n)
    for (let i = 0; i < count; i++) dx[i] = (dy[i] as number) * (factors[i] as number)
  }
}
