import type { ModelSpec } from '#core/spec/layers'
import type { LayerFigures } from './evidence'
import { linearLayers } from './walk-layers'

/** How the gradient changes on its way from the last Linear layer to the first. */
export interface GradientFlow {
  /** Norm at each Linear layer over that at the last one, the last layer first. */
  readonly steps: readonly { readonly layer: string; readonly ratio: number }[]
  /** Geometric mean from one Linear layer to the one before it. */
  readonly factorPerLayer: number
}

/**
 * Measured at the outputs of the Linear layers, as 2-norm over the units: neither the width of a layer nor the number of
 * its weights moves it, only what the layers do to the gradient. null: fewer than three Linear layers have no depth to
 * speak of, or no gradient leaves the loss.
 */
export function gradientFlow({ reports }: LayerFigures, model: ModelSpec): GradientFlow | null {
  const norms = linearLayers(model).flatMap(({ path, spec }) => {
    const report = reports.find(({ layer }) => layer === path)
    if (report === undefined) return []
    const { mean, std } = report.outputGradient
    return [{ layer: path, norm: Math.hypot(mean, std) * Math.sqrt(spec.outFeatures) }]
  })
  const last = norms.at(-1)?.norm ?? 0
  if (norms.length < 3 || !(last > 0)) return null
  const steps = norms.toReversed().map(({ layer, norm }) => ({ layer, ratio: norm / last }))
  return {
    steps,
    factorPerLayer: (steps.at(-1)?.ratio ?? 1) ** (1 / (norms.length - 1)),
  }
}
