/* The kernels of layers other than Linear, panel by panel: every thread works on its own columns. */
import { Dropout } from '#core/nn/modules/dropout'
import type { Layer } from '#core/nn/modules/layer'
import type { Arena } from './arena'
import { dropoutPass, wordBytes } from './kernels/dropout'
import { NOISE_BLOCK } from './kernels/noise'
import { type PanelMatrix, panelCount } from './panels'
import { part, type Program, type Share } from './program'
import type { ModuleBuilder } from './wasm/module-builder'

/** Where a layer finds its rows and leaves them. */
export interface LayerEnds {
  readonly input: PanelMatrix
  readonly output: PanelMatrix
  readonly outputGradient: PanelMatrix
  /** null: nobody asks for it. */
  readonly inputGradient: PanelMatrix | null
}

export interface LayerContext {
  readonly arena: Arena
  readonly module: ModuleBuilder
  /** Rows of a batch that there is room for. */
  readonly capacity: number
  /** Name of the kernel that `noisePass` made. */
  readonly noise: string
}

export interface LayerKernels {
  addForward(program: Program, training: boolean): void
  /** join false: each thread made the gradient of its own columns itself. It then leaves the input's to it as well. */
  addBackward(program: Program, join: boolean): void
}

/** The kernels of a layer, or null for one that the plain definitions of core/nn work out. */
export function layerKernelsOf(
  layer: Layer,
  ends: LayerEnds,
  context: LayerContext,
): LayerKernels | null {
  if (layer instanceof Dropout) return dropoutKernels(layer, ends, context)
  return null
}

function dropoutKernels(
  { path, p, stream, outFeatures }: Dropout,
  { input, output, outputGradient, inputGradient }: LayerEnds,
  { arena, module, capacity, noise }: LayerContext,
): LayerKernels {
  const words = arena.reserve(wordBytes(capacity, outFeatures))
  dropoutPass(module, `${path} drop`, p, { from: input, to: output, words })
  dropoutPass(module, `${path} keep`, null, { from: input, to: output, words })
  if (inputGradient !== null)
    dropoutPass(module, `${path} undrop`, p, { from: outputGradient, to: inputGradient, words })
  const panels = (share: Share) => [...part(panelCount(outFeatures), share), share.rows]
  return {
    addForward(program, training) {
      if (!training) {
        program.onTeam((share) => [{ kernel: `${path} keep`, operands: panels(share) }])
        return
      }
      program.onTeam((share) => {
        const blocks = Math.ceil((share.rows * outFeatures) / NOISE_BLOCK)
        return [{ kernel: noise, operands: [...part(blocks, share), words, stream, outFeatures] }]
      }, false)
      program.onTeam((share) => [{ kernel: `${path} drop`, operands: panels(share) }])
    },
    addBackward(program, join) {
      if (inputGradient !== null)
        program.onTeam((share) => [{ kernel: `${path} undrop`, operands: panels(share) }], join)
    },
  }
}
