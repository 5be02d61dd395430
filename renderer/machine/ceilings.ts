/** A net on the roofline: FLOP a byte, and the GFLOP/s it reached. */
export interface Net {
  readonly intensity: number
  readonly gflops: number
}

/** Powers of ten between which the roof, its ridge and the net lie. */
export function ceilings(gflops: number, net: Net) {
  return {
    xLow: Math.min(-1, Math.floor(Math.log10(net.intensity))),
    xHigh: Math.max(3, Math.ceil(Math.log10(net.intensity * 1.5))),
    yLow: Math.min(0, Math.floor(Math.log10(net.gflops))),
    yHigh: Math.ceil(Math.log10(Math.max(gflops, net.gflops) * 1.2)),
  }
}
