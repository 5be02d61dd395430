import type { LayerSpec } from '#core/spec/layers'
import { activationPiece } from './activations'
import { gluPasses, preluPasses } from './gated'
import { elementPass, type LayerPasses } from './layer-passes'
import { alphaDropoutPiece, dropoutPiece, identityPiece, rreluPiece } from './noise'
import { batchNormPasses, layerNormPasses, rmsNormPasses } from './normalization'
import type { Piece } from './piece'
import { logSoftmaxPasses, softmaxPasses } from './softmax'

/** Layers with kernels of their own; Linear layers are products, and a block is its layers. */
export type PassedSpec = Exclude<LayerSpec, { type: 'Linear' | 'Residual' }>

/**
 * The passes of a layer over rows of `width` inputs. stream: the number of the layer among all layers of the model, blocks
 * before their contents; a layer that draws random numbers also needs drawnRow(row) -> u32 (the row's number in its batch),
 * stepNumber() -> u32 and seed() -> u32.
 */
export function layerPassesOf(spec: PassedSpec, width: number, stream: number): LayerPasses {
  switch (spec.type) {
    case 'Dropout':
      return drawing(width, dropoutPiece(spec.p, stream, 'draw'), identityPiece('fixed'))
    case 'AlphaDropout':
      return drawing(width, alphaDropoutPiece(spec.p, stream, 'draw'), identityPiece('fixed'))
    case 'RReLU': {
      const slope = (spec.lower + spec.upper) / 2
      const leaky = activationPiece({ type: 'LeakyReLU', negativeSlope: slope }, 'leaky')
      return drawing(width, rreluPiece(spec.lower, spec.upper, stream, 'draw'), {
        uses: [leaky],
        code: 'fn fixed(x: f32, element: u32, step: u32, seed: u32) -> f32 { return leaky(x); }',
      })
    }
    case 'BatchNorm1d':
      return batchNormPasses(spec, width)
    case 'LayerNorm':
      return layerNormPasses(spec, width)
    case 'RMSNorm':
      return rmsNormPasses(spec, width)
    case 'Softmax':
    case 'Softmin':
      return softmaxPasses(spec.type, width)
    case 'LogSoftmax':
      return logSoftmaxPasses(width)
    case 'GLU':
      return gluPasses(width / 2)
    case 'PReLU':
      return preluPasses(width, spec.numParameters)
    case 'ReLU':
    case 'LeakyReLU':
    case 'ELU':
    case 'CELU':
    case 'SELU':
    case 'GELU':
    case 'SiLU':
    case 'Mish':
    case 'Softplus':
    case 'Softsign':
    case 'Sigmoid':
    case 'LogSigmoid':
    case 'Tanh':
    case 'Tanhshrink':
    case 'Hardtanh':
    case 'Hardsigmoid':
    case 'Hardswish':
    case 'ReLU6':
    case 'Hardshrink':
    case 'Softshrink':
    case 'Threshold':
      return elementwise(width, activationPiece(spec, 'activate'))
  }
}

function elementwise(width: number, activation: Piece): LayerPasses {
  const forward = elementPass(width, '  setY(row, column, activate(xAt(row, column)));', [
    activation,
  ])
  const backward = elementPass(
    width,
    '  setDx(row, column, dyAt(row, column) * activateSlope(xAt(row, column), yAt(row, column)));',
    [activation],
  )
  return { forward, evaluation: forward, backward: [backward], statistics: null }
}

function drawing(width: number, draw: Piece, fixed: Piece): LayerPasses {
  const call = `(xAt(row, column), drawnRow(row) * ${width}u + column, stepNumber(), seed())`
  return {
    forward: elementPass(width, `  setY(row, column, draw${call});`, [draw]),
    evaluation: elementPass(width, `  setY(row, column, fixed${call});`, [fixed]),
    backward: [
      elementPass(width, `  setDx(row, column, dyAt(row, column) * drawSlope${call});`, [draw]),
    ],
    statistics: null,
  }
}
