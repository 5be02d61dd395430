import { activationSchemas } from '#core/spec/activations'
import type { LayerSpec, LinearSpec, ModelSpec } from '#core/spec/layers'

/** A layer that is no block, with its place. */
export interface PlacedLayer<T extends LayerSpec = LayerSpec> {
  /** As state_dict names it: "3.1". */
  readonly path: string
  readonly spec: T
}

/** A Linear layer and the activation that its output goes through before it meets the next one. */
export interface PlacedLinear extends PlacedLayer<LinearSpec> {
  readonly activation: PlacedLayer | null
}

/** Every layer in the order in which they run; blocks are their contents. */
export function flatLayers({ layers }: ModelSpec, parent = ''): readonly PlacedLayer[] {
  return layers.flatMap((spec, i) => {
    const path = `${parent}${i}`
    return spec.type === 'Residual'
      ? flatLayers({ inFeatures: 0, layers: spec.layers }, `${path}.`)
      : [{ path, spec }]
  })
}

export function linearLayers(model: ModelSpec): readonly PlacedLinear[] {
  const flat = flatLayers(model)
  return flat.flatMap(({ path, spec }, i) => {
    if (spec.type !== 'Linear') return []
    const rest = flat.slice(i + 1)
    const next = rest.findIndex((layer) => layer.spec.type === 'Linear')
    const between = next < 0 ? rest : rest.slice(0, next)
    return [{ path, spec, activation: between.find(isActivation) ?? null }]
  })
}

/** Activations between Linear layers; one after the last belongs to the loss. */
export function hiddenActivations(model: ModelSpec): readonly PlacedLayer[] {
  const flat = flatLayers(model)
  const last = flat.findLastIndex(({ spec }) => spec.type === 'Linear')
  return flat.slice(0, Math.max(0, last)).filter(isActivation)
}

function isActivation({ spec }: PlacedLayer): boolean {
  return Object.hasOwn(activationSchemas, spec.type)
}
