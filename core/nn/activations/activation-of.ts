import type { ElementwiseActivation, ElementwiseSpec } from './elementwise'
import { celu, elu, selu } from './exponential-linear'
import { gelu, geluTanh } from './gelu'
import { hardshrink, hardtanh, leakyRelu, relu, softshrink, threshold } from './piecewise-linear'
import { hardsigmoid, hardswish, logSigmoid, sigmoid, silu } from './sigmoid'
import { mish, softplus } from './softplus'
import { softsign, tanh, tanhshrink } from './tanh'

/** The function that an elementwise layer of the spec names. */
export function activationOf(spec: ElementwiseSpec): ElementwiseActivation {
  switch (spec.type) {
    case 'ReLU':
      return relu
    case 'LeakyReLU':
      return leakyRelu(spec.negativeSlope)
    case 'ELU':
      return elu(spec.alpha)
    case 'CELU':
      return celu(spec.alpha)
    case 'SELU':
      return selu
    case 'GELU':
      return spec.approximate === 'tanh' ? geluTanh : gelu
    case 'SiLU':
      return silu
    case 'Mish':
      return mish
    case 'Softplus':
      return softplus(spec.beta, spec.threshold)
    case 'Softsign':
      return softsign
    case 'Sigmoid':
      return sigmoid
    case 'LogSigmoid':
      return logSigmoid
    case 'Tanh':
      return tanh
    case 'Tanhshrink':
      return tanhshrink
    case 'Hardtanh':
      return hardtanh(spec.minVal, spec.maxVal)
    case 'Hardsigmoid':
      return hardsigmoid
    case 'Hardswish':
      return hardswish
    case 'ReLU6':
      return hardtanh(0, 6)
    case 'Hardshrink':
      return hardshrink(spec.lambd)
    case 'Softshrink':
      return softshrink(spec.lambd)
    case 'Threshold':
      return threshold(spec.threshold, spec.value)
  }
}
