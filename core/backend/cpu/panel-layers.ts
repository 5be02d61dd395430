import type { Module } from '#core/nn/module'
import type { ElementwiseLayer } from '#core/nn/modules/elementwise-layer'
import type { PanelMatrix } from './panels'
import type { Segment } from './segments'

/** A layer whose output and gradient stay in panels until both passes are done. */
export interface PanelLayer {
  readonly layer: Module
  readonly output: PanelMatrix
  readonly outputGradient: PanelMatrix
  /** The same layer, where it is an activation. */
  readonly activation: ElementwiseLayer | null
}

/** All of them that passes which capture 'panels' leave, also within blocks. */
export function panelLayers(segments: readonly Segment[]): readonly PanelLayer[] {
  return segments.flatMap((segment) => {
    const { output, outputGradient } = segment
    switch (segment.kind) {
      case 'linear': {
        const { linear, activation, front } = segment
        if (activation === null || front === null)
          return [{ layer: linear, output, outputGradient, activation: null }]
        return [
          { layer: linear, output: front.output, outputGradient, activation: null },
          { layer: activation, output, outputGradient: front.outputGradient, activation },
        ]
      }
      case 'kernel':
        return [{ layer: segment.layer, output, outputGradient, activation: null }]
      case 'plain':
        return []
      case 'residual':
        return panelLayers(segment.block)
    }
  })
}
