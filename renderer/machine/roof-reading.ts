import { roofline, type Roof } from '#core/machine/estimate'
import type { Net } from './ceilings'

/** What a device's roofline says of a net, to be told to somebody who reads one for the first time. */
export interface RoofReading {
  /** Operations per byte at which the roof bends. */
  readonly ridge: number
  readonly limit: 'memory' | 'arithmetic'
  /** Of the roof above the net, in percent; null where it reaches at least half of it. */
  readonly percent: number | null
}

export function roofReading(roof: Roof, net: Net): RoofReading {
  const ridge = roof.gflops / roof.bandwidth
  const share = net.gflops / roofline(roof, net.intensity)
  return {
    ridge,
    limit: net.intensity < ridge ? 'memory' : 'arithmetic',
    percent: share < 0.5 ? Math.max(1, Math.round(100 * share)) : null,
  }
}
