import type { LayerSpec } from '#core/spec/layers'
import { gluPasses, preluPasses } from './gated'
import type { LayerPasses } from './layer-passes'
import { batchNormPasses, layerNormPasses, rmsNormPasses } from './normalization'
import { logSoftmaxPasses, softmaxPasses } from './softmax'

/** Layers that look at more than one element at a time; Linear layers are products, and a block is its layers. */
const passedTypes = [
  'BatchNorm1d',
  'LayerNorm',
  'RMSNorm',
  'Softmax',
  'Softmin',
  'LogSoftmax',
  'GLU',
  'PReLU',
] as const
export type PassedSpec = Extract<LayerSpec, { type: (typeof passedTypes)[number] }>

export function isPassed(spec: LayerSpec): spec is PassedSpec {
  return passedTypes.some((type) => type === spec.type)
}

/** The passes of a layer over rows of `width` inputs. */
export function layerPassesOf(spec: PassedSpec, width: number): LayerPasses {
  switch (spec.type) {
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
  }
}
