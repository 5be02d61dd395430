import type { Floats } from '#core/tensor/floats'
import { domains } from '#core/tensor/philox'
import type { ForwardContext } from '../module'
import { Layer, type Place } from './layer'
import { Noise } from './noise'
import { Rows } from './rows'

/**
 * y = x above 0, slope * x elsewhere. In training each element draws its slope from [lower, upper) as
 * lower + (upper - lower) * u, u being the upper 24 bits of its word; in evaluation the slope is their mean.
 */
export class RReLU extends Layer {
  readonly type = 'RReLU'
  private readonly lower: number
  private readonly upper: number
  private readonly noise: Noise
  /** [n, features] dy/dx of the last pass. */
  private readonly slopes: Rows

  constructor(place: Place, features: number, spec: { lower: number; upper: number }) {
    super(place, features, features)
    this.lower = spec.lower
    this.upper = spec.upper
    this.noise = new Noise(domains.rrelu, place.index)
    this.slopes = new Rows(place.make, features)
  }

  protected forwardRows(x: Floats, y: Floats, n: number, context: ForwardContext): void {
    const { lower, upper } = this
    const count = n * this.outFeatures
    const slopes = this.slopes.of(n)
    const words = context.training ? this.noise.draw(count, context) : null
    for (let i = 0; i < count; i++) {
      const v = x[i] as number
      const u = words === null ? 0.5 : ((words[i] as number) >>> 8) / 0x1000000
      slopes[i] = v > 0 ? 1 : lower + (upper - lower) * u
      y[i] = v * (slopes[i] as number)
    }
  }

  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    const count = n * this.outFeatures
    const slopes = this.slopes.of(n)
    for (let i = 0; i < count; i++) dx[i] = (dy[i] as number) * (slopes[i] as number)
  }
}
