import type { LayerSpec, ModelSpec } from '#core/spec/layers'
import type { MakeFloats } from '#core/tensor/floats'
import type { Module } from './module'
import { AlphaDropout } from './modules/alpha-dropout'
import { BatchNorm1d } from './modules/batch-norm1d'
import { Dropout } from './modules/dropout'
import { ElementwiseLayer } from './modules/elementwise-layer'
import { GLU } from './modules/glu'
import type { Place } from './modules/layer'
import { LayerNorm } from './modules/layer-norm'
import { Linear } from './modules/linear'
import { LogSoftmax } from './modules/log-softmax'
import { PReLU } from './modules/prelu'
import { Residual } from './modules/residual'
import { RMSNorm } from './modules/rms-norm'
import { RReLU } from './modules/rrelu'
import { Sequential } from './modules/sequential'
import { Softmax } from './modules/softmax'
import { Network } from './network'

/**
 * Builds the model with its numbers in the storage that `make` makes. Weights and biases of Linear layers are zero
 * until initNetwork or a checkpoint fills them.
 * @throws ShapeError where the layers do not fit each other; inferShapes tells beforehand
 */
export function buildNetwork(model: ModelSpec, make: MakeFloats): Network {
  return new Network(new Builder(make).sequential('', model.layers, model.inFeatures))
}

/** Numbers the layers while it builds them, blocks before their contents. */
class Builder {
  private readonly make: MakeFloats
  private built = 0

  constructor(make: MakeFloats) {
    this.make = make
  }

  sequential(path: string, specs: readonly LayerSpec[], inFeatures: number): Sequential {
    const modules: Module[] = []
    let width = inFeatures
    for (const [i, spec] of specs.entries()) {
      const module = this.module(path === '' ? `${i}` : `${path}.${i}`, spec, width)
      modules.push(module)
      width = module.outFeatures
    }
    return new Sequential(path, inFeatures, modules, this.make(0))
  }

  private module(path: string, spec: LayerSpec, width: number): Module {
    const place: Place = { path, index: this.built++, make: this.make }
    switch (spec.type) {
      case 'Linear':
        return new Linear(place, width, spec)
      case 'Residual':
        return new Residual(place, this.sequential(path, spec.layers, width))
      case 'Dropout':
        return new Dropout(place, width, spec)
      case 'AlphaDropout':
        return new AlphaDropout(place, width, spec)
      case 'BatchNorm1d':
        return new BatchNorm1d(place, width, spec)
      case 'LayerNorm':
        return new LayerNorm(place, width, spec)
      case 'RMSNorm':
        return new RMSNorm(place, width, spec)
      case 'Softmax':
      case 'Softmin':
        return new Softmax(place, width, spec.type)
      case 'LogSoftmax':
        return new LogSoftmax(place, width)
      case 'GLU':
        return new GLU(place, width)
      case 'PReLU':
        return new PReLU(place, width, spec)
      case 'RReLU':
        return new RReLU(place, width, spec)
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
        return new ElementwiseLayer(place, width, spec)
    }
  }
}
