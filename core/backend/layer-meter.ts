import { ElementwiseLayer } from '#core/nn/modules/elementwise-layer'
import type { Module } from '#core/nn/module'
import type { Floats } from '#core/tensor/floats'
import { distributionOf, l2Distance, l2Norm } from './distribution'
import type { LayerReport } from './layer-report'
import { leaves } from './locate-failure'

/** An activation counts as flat where its derivative is below this share of its largest. */
const FLAT = 0.01

/** What a layer showed between the backward pass and the update. */
type Before = Omit<LayerReport, 'updateRatio'>

/**
 * Measures the layers of a network at one step: `beforeUpdate` after the backward pass, `afterUpdate` after the optimizer.
 * Costs about as much as a step of a small net; its copy of the parameters is made at the first measurement and kept.
 */
export class LayerMeter {
  private readonly layers: readonly Module[]
  private before: readonly Before[] = []
  /** [layers][parameters] values before the update. */
  private copies: readonly (readonly Floats[])[] = []

  constructor(layers: readonly Module[]) {
    this.layers = leaves(layers)
  }

  /** n: rows of the batch. Gradients as the backward pass left them, before clipping. */
  beforeUpdate(n: number): void {
    this.before = this.layers.map((layer) => measure(layer, n))
    if (this.copies.length === 0) {
      this.copies = this.layers.map((layer) => layer.parameters().map(({ value }) => value.slice()))
      return
    }
    this.layers.forEach((layer, i) => {
      layer.parameters().forEach(({ value }, k) => {
        this.copies[i]?.[k]?.set(value)
      })
    })
  }

  afterUpdate(): readonly LayerReport[] {
    return this.before.map((report, i) => {
      const values = this.layers[i]?.parameters().map(({ value }) => value) ?? []
      const norm = report.weightNorm ?? 0
      const update = l2Distance(this.copies[i] ?? [], values)
      return { ...report, updateRatio: norm === 0 ? null : update / norm }
    })
  }
}

function measure(layer: Module, n: number): Before {
  const parameters = layer.parameters()
  const count = n * layer.outFeatures
  return {
    layer: layer.path,
    type: layer.type,
    output: distributionOf(layer.output, count),
    outputGradient: distributionOf(layer.outputGradient, count),
    gradientNorm: parameters.length === 0 ? null : l2Norm(parameters.map(({ grad }) => grad)),
    weightNorm: parameters.length === 0 ? null : l2Norm(parameters.map(({ value }) => value)),
    ...slopes(layer, n),
  }
}

/** Shares of dead units (slope 0 for the whole batch) and of flat outputs. */
function slopes(layer: Module, n: number): Pick<LayerReport, 'dead' | 'saturated'> {
  if (!(layer instanceof ElementwiseLayer)) return { dead: null, saturated: null }
  const { activation, input, output, outFeatures } = layer
  const alive = new Uint8Array(outFeatures)
  const steepest = steepestSlope(layer)
  let flat = 0
  for (let i = 0; i < n * outFeatures; i++) {
    const slope = Math.abs(activation.derivative(input[i] as number, output[i] as number))
    if (slope !== 0) alive[i % outFeatures] = 1
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
