import type { LayerSpec } from './layers'

/** Whether a BatchNorm1d among the layers keeps running statistics. */
export function keepsStatistics(layers: readonly LayerSpec[]): boolean {
  return layers.some(
    (layer) =>
      (layer.type === 'BatchNorm1d' && layer.trackRunningStats) ||
      (layer.type === 'Residual' && keepsStatistics(layer.layers)),
  )
}
