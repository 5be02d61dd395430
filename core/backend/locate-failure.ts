import type { Module } from '#core/nn/module'
import type { Floats } from '#core/tensor/floats'
import type { NumericalFailure } from './backend'

/**
 * Finds where a loss that is not finite came from, after the forward pass of step `step` (steps completed before it):
 * parameters that the update before spoiled, else the first layer whose output is not finite, else the loss itself.
 */
export function locateFailure(
  layers: readonly Module[],
  n: number,
  step: number,
): NumericalFailure {
  const flat = leaves(layers)
  for (const layer of flat)
    if (layer.parameters().some(({ value }) => !allFinite(value, value.length)))
      return at(layer, Math.max(0, step - 1), step === 0 ? 'forward' : 'update')
  for (const layer of flat)
    if (!allFinite(layer.output, n * layer.outFeatures)) return at(layer, step, 'forward')
  const last = flat.at(-1)
  return { step, layer: last?.path ?? '', layerType: last?.type ?? '', operation: 'loss' }
}

/** Layers in the order in which they run, blocks after their contents. */
export function leaves(layers: readonly Module[]): readonly Module[] {
  return layers.flatMap((layer) => [...leaves(layer.children), layer])
}

export function allFinite(values: Floats, count: number): boolean {
  for (let i = 0; i < count; i++) if (!Number.isFinite(values[i])) return false
  return true
}

function at(
  layer: Module,
  step: number,
  operation: NumericalFailure['operation'],
): NumericalFailure {
  return { step, layer: layer.path, layerType: layer.type, operation }
}
