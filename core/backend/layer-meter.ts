import type { Module, Parameter } from '#core/nn/module'
import { distributionOf } from './distribution'
import type { LayerGauge } from './layer-gauge'
import type { LayerReport } from './layer-report'
import { leaves } from './locate-failure'
import { ArrayParameterMeter, type ParameterMeter } from './parameter-meter'
import { slopes } from './slopes'

/** What a layer showed between the backward pass and the update. */
type Before = Omit<LayerReport, 'updateRatio'>

/**
 * Measures the layers of a network at one step: `beforeUpdate` after the backward pass, `afterUpdate` after the optimizer.
 * What it costs: `npm run bench -- --extras`.
 */
export class LayerMeter {
  private readonly layers: readonly Module[]
  private readonly parameters: ParameterMeter
  private readonly gauge: LayerGauge | null
  private before: readonly Before[] = []

  /** elsewhere: what measures parameters and layers that a backend keeps in other places than their own arrays. */
  constructor(
    layers: readonly Module[],
    elsewhere: { readonly parameters: ParameterMeter; readonly layers: LayerGauge } | null = null,
  ) {
    this.layers = leaves(layers)
    this.gauge = elsewhere?.layers ?? null
    this.parameters =
      elsewhere?.parameters ??
      new ArrayParameterMeter(this.layers.flatMap((layer) => layer.parameters()))
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
    const figures = this.gauge?.of(layer) ?? {
      output: distributionOf(layer.output, count),
      outputGradient: distributionOf(layer.outputGradient, count),
      ...slopes(layer, n),
    }
    return {
      layer: layer.path,
      type: layer.type,
      gradientNorm: this.norm(layer, 'ofGradient'),
      weightNorm: this.norm(layer, 'ofValue'),
      ...figures,
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
