import type { Module } from '#core/nn/module'
import { ElementwiseLayer } from '#core/nn/modules/elementwise-layer'
import type { LayerReport } from './layer-report'

/** An activation counts as flat where its derivative is below this share of its largest. */
const FLAT = 0.01

/** Shares of dead units (slope 0 for the whole batch) and of flat outputs, of an activation's last n rows. */
export function slopes(layer: Module, n: number): Pick<LayerReport, 'dead' | 'saturated'> {
  if (!(layer instanceof ElementwiseLayer)) return { dead: null, saturated: null }
  const { activation, input, output, outFeatures } = layer
  const alive = new Uint8Array(outFeatures)
  const steepest = steepestSlope(layer)
  let flat = 0
  for (let row = 0; row < n; row++)
    for (let unit = 0; unit < outFeatures; unit++) {
      const i = row * outFeatures + unit
      const slope = Math.abs(activation.derivative(input[i] as number, output[i] as number))
      if (slope !== 0) alive[unit] = 1
      if (slope < FLAT * steepest) flat++
    }
  const living = alive.reduce((sum, unit) => sum + unit, 0)
  return { dead: 1 - living / outFeatures, saturated: flat / (n * outFeatures) }
}

/** Largest |derivative| on a grid around 0: every activation of torch is steepest there. */
function steepestSlope({ activation }: ElementwiseLayer): number {
  let steepest = 0
  for (let x = -4; x <= 4; x += 0.125)
    steepest = Math.max(steepest, Math.abs(activation.derivative(x, activation.forward(x))))
  return steepest
}

/** Outputs from the first to the second number, both float32. */
export type Between = readonly [number, number]

/** Between which outputs an activation has a slope, and between which it is not flat. */
export interface SlopeBounds {
  readonly slanted: Between
  readonly notFlat: Between
}

/**
 * The same by the outputs alone, for an activation whose derivative follows from them and falls off on both sides of
 * `middle`, which is neither flat nor outside of `range`, all its outputs.
 */
export function slopeBounds(layer: ElementwiseLayer, range: Between, middle: number): SlopeBounds {
  const slope = (y: number): number => Math.abs(layer.activation.derivative(y, y))
  const least = FLAT * steepestSlope(layer)
  const between = (holds: (y: number) => boolean): Between => [
    lastThat(holds, middle, range[0]),
    lastThat(holds, middle, range[1]),
  ]
  return { slanted: between((y) => slope(y) !== 0), notFlat: between((y) => slope(y) >= least) }
}

/** The float32 nearest to `to` that `holds` is true of, as it is of all between it and `from`. */
function lastThat(holds: (y: number) => boolean, from: number, to: number): number {
  if (holds(to)) return to
  let [inside, outside] = [orderOf(from), orderOf(to)]
  while (Math.abs(inside - outside) > 1) {
    const middle = Math.trunc((inside + outside) / 2)
    if (holds(floatAt(middle))) inside = middle
    else outside = middle
  }
  return floatAt(inside)
}

/** Place of a float32 among all of them. */
function orderOf(value: number): number {
  const bits = new Int32Array(Float32Array.of(value).buffer)[0] ?? 0
  return bits < 0 ? -(bits & 0x7fffffff) : bits
}

function floatAt(order: number): number {
  const bits = order < 0 ? -order | -0x80000000 : order
  return new Float32Array(Int32Array.of(bits).buffer)[0] ?? 0
}
