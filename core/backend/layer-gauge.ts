import type { Module } from '#core/nn/module'
import type { LayerReport } from './layer-report'

export type LayerFigures = Pick<LayerReport, 'output' | 'outputGradient' | 'dead' | 'saturated'>

/** What a LayerMeter asks about layers whose numbers are not in arrays of their own. */
export interface LayerGauge {
  /** null: the layer's own arrays hold them. */
  of(layer: Module): LayerFigures | null
}
