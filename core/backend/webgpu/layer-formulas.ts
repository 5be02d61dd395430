/* What the layers that treat each element by itself compute, by the names under which kernels know it. */
import type { ElementwiseSpec } from '#core/nn/activations/elementwise'
import type { Module } from '#core/nn/module'
import type { LayerSpec } from '#core/spec/layers'
import type { NamedActivation } from './access'
import { type ElementFormula, identity, noiseFunctions } from './layer-kernels'
import { activationPiece } from './wgsl/activations'
import { alphaDropoutPiece, dropoutPiece, rreluPiece } from './wgsl/noise'
import type { Piece } from './wgsl/piece'

/** A layer that does something else in evaluation. */
export interface NoiseLayer {
  readonly training: ElementFormula
  readonly evaluation: ElementFormula
}

export function activationOf(spec: LayerSpec, { path }: Module): NamedActivation {
  const name = nameOf('activation', path)
  return { name, piece: activationPiece(spec as ElementwiseSpec, name) }
}

export function formulaOf({ name, piece }: NamedActivation): ElementFormula {
  return { pieces: [piece], forward: `${name}(x)`, slope: `${name}Slope(x, y)` }
}

/** A layer that draws random numbers, `stream` being its own; null for all others. */
export function noiseLayer(
  spec: LayerSpec,
  { path, outFeatures }: Module,
  stream: number,
): NoiseLayer | null {
  const name = nameOf('noise', path)
  const drawing = (piece: Piece) => drawingFormula(name, piece, outFeatures)
  if (spec.type === 'Dropout')
    return { training: drawing(dropoutPiece(spec.p, stream, name)), evaluation: identity }
  if (spec.type === 'AlphaDropout')
    return { training: drawing(alphaDropoutPiece(spec.p, stream, name)), evaluation: identity }
  if (spec.type === 'RReLU') {
    const mean = nameOf('mean', path)
    const negativeSlope = (spec.lower + spec.upper) / 2
    return {
      training: drawing(rreluPiece(spec.lower, spec.upper, stream, name)),
      evaluation: formulaOf({
        name: mean,
        piece: activationPiece({ type: 'LeakyReLU', negativeSlope }, mean),
      }),
    }
  }
  return null
}

function drawingFormula(name: string, piece: Piece, width: number): ElementFormula {
  const draw = 'elementOf(row, column), optimizerStep(), seed()'
  return {
    pieces: [piece],
    declarations: noiseFunctions(width),
    forward: `${name}(x, ${draw})`,
    slope: `${name}Slope(x, ${draw})`,
  }
}

/** A name for WGSL: "activation_3_1". */
function nameOf(role: string, path: string): string {
  return `${role}_${path.replaceAll('.', '_')}`
}
