/* What the layers that treat each element by itself compute, by the names under which kernels know it. */
import type { ElementwiseSpec } from '#core/nn/activations/elementwise'
import type { Module } from '#core/nn/module'
import type { LayerSpec } from '#core/spec/layers'
import type { NamedActivation } from './access'
import type { LayerSpecs } from './group-specs'
import { type ElementFormula, identity, noiseFunctions } from './layer-kernels'
import { activationPiece } from './wgsl/activations'
import { alphaDropoutPiece, dropoutPiece, rreluPiece } from './wgsl/noise'
import type { Piece } from './wgsl/piece'
import { variantPiece } from './wgsl/variants'

/** A layer that does something else in evaluation. */
export interface NoiseLayer {
  readonly training: ElementFormula
  readonly evaluation: ElementFormula
}

/** specs: that of each run. */
export function activationOf(specs: LayerSpecs, { path }: Module): NamedActivation {
  const name = nameOf('activation', path)
  const piece = variantPiece(name, specs, activationSignatures, (spec, own) =>
    activationPiece(spec as ElementwiseSpec, own),
  )
  return { name, piece }
}

export function formulaOf({ name, piece }: NamedActivation): ElementFormula {
  return { pieces: [piece], forward: `${name}(x)`, slope: `${name}Slope(x, y)` }
}

/** A layer that draws random numbers, `stream` being its own; null for all others. specs: that of each run. */
export function noiseLayer(
  specs: LayerSpecs,
  { path, outFeatures }: Module,
  stream: number,
): NoiseLayer | null {
  if (!specs.every(isNoise)) return null
  const name = nameOf('noise', path)
  const piece = variantPiece(name, specs, noiseSignatures, (spec, own) =>
    noisePiece(spec, stream, own),
  )
  const training = drawingFormula(name, piece, outFeatures)
  const means = specs.flatMap((spec) => (spec.type === 'RReLU' ? [meanOf(spec)] : []))
  if (means.length === 0) return { training, evaluation: identity }
  const mean = nameOf('mean', path)
  return {
    training,
    evaluation: formulaOf({
      name: mean,
      piece: variantPiece(mean, means, activationSignatures, activationPiece),
    }),
  }
}

type NoiseSpec = Extract<LayerSpec, { type: 'Dropout' | 'AlphaDropout' | 'RReLU' }>

function isNoise(spec: LayerSpec): spec is NoiseSpec {
  return spec.type === 'Dropout' || spec.type === 'AlphaDropout' || spec.type === 'RReLU'
}

function noisePiece(spec: NoiseSpec, stream: number, name: string): Piece {
  switch (spec.type) {
    case 'Dropout':
      return dropoutPiece(spec.p, stream, name)
    case 'AlphaDropout':
      return alphaDropoutPiece(spec.p, stream, name)
    case 'RReLU':
      return rreluPiece(spec.lower, spec.upper, stream, name)
  }
}

/** What RReLU is in evaluation. */
function meanOf({ lower, upper }: Extract<NoiseSpec, { type: 'RReLU' }>): ElementwiseSpec {
  return { type: 'LeakyReLU', negativeSlope: (lower + upper) / 2 }
}

const activationSignatures = { '': 'x: f32', Slope: 'x: f32, y: f32' }
const drawing = 'x: f32, element: u32, step: u32, seed: u32'
const noiseSignatures = { '': drawing, Slope: drawing }

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
