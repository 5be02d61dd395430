import { ElementwiseLayer } from '#core/nn/modules/elementwise-layer'
import type { Module, Parameter } from '#core/nn/module'
import { distributionOf } from './distribution'
import type { LayerReport } from './layer-report'
import { leaves } from './locate-failure'
import { ArrayParameterMeter, type ParameterMeter } from './parameter-meter'

/** An activation counts as flat where its derivative is below this share of its largest. */
const FLAT = 0.01

/** What a layer showed between the backward pass and the update. */
type Before = Omit<LayerReport, 'updateRatio'>

/**
 * Measures the layers of a network at one step: `beforeUpdate` after the backward pass, `afterUpdate` after the optimizer.
 * Costs less than five steps of any net (`npm run bench -- --extras`).
 */
export class LayerMeter {
  private readonly layers: readonly Module[]
  private readonly parameters: ParameterMeter
  private before: readonly Before[] = []

  constructor(layers: readonly Module[], parameters?: ParameterMeter) {
    this.layers = leaves(layers)
    this.parameters =
      parameters ?? new ArrayParameterMeter(this.layers.flatMap((layer) => layer.parameters()))
  }

  /** n: rows of the batch. Gradients as the backward pass left them, before clipping. */
  beforeUpdate(n: number): void {
    this.before = this.layers.map((layer) => this.measure(layer, n))
    this.parameters.keep()
  }

  afterUpdate(): readonly LayerReport[] {
    return this.before.map((report, i) => {
      const norm = report.weightNorm ?? 0
      const update = this.layers[i] === undefined ? null : this.norm(this.layers[i], 'ofUpdate')
      return { ...report, updateRatio: update === null || norm === 0 ? null : update / norm }
    })
  }

  private measure(layer: Module, n: number): Before {
    const count = n * layer.outFeatures
    return {
      layer: layer.path,
      type: layer.type,
      output: distributionOf(layer.output, count),
      outputGradient: distributionOf(layer.outputGradient, count),
      gradientNorm: this.norm(layer, 'ofGradient'),
      weightNorm: this.norm(layer, 'ofValue'),
      ...slopes(layer, n),
    }
  }

  /** Over all parameters of a layer; null where it has none. */
  private norm(layer: Module, figure: 'ofGradient' | 'ofValue' | 'ofUpdate'): number | null {
    const parameters: readonly Parameter[] = layer.parameters()
    if (parameters.length === 0) return null
    return Math.sqrt(
      parameters.reduce((sum, parameter) => sum + this.parameters[figure](parameter), 0),
    )
  }
}

/** Shares of dead units (slope 0 for the whole batch) and of flat outputs. */
function slopes(layer: Module, n: number): Pick<LayerReport, 'dead' | 'saturated'> {
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
