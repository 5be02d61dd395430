import type { LayerSpec } from '#core/spec/layers'
import type { RunSpec } from '#core/spec/run-spec'

/** What one layer makes of its input, all per image. */
export interface LayerFacts {
  readonly inFeatures: number
  readonly outFeatures: number
  readonly parameters: number
  /** Of the forward pass; a multiply-add counts as two. */
  readonly flops: number
}

export interface NetworkFacts {
  readonly layers: readonly LayerFacts[]
  readonly parameters: number
  /** Forward and backward pass of one image. */
  readonly flops: number
  /** Weights, gradients, optimizer state and one batch of activations with their gradients, float32. */
  readonly trainingBytes: number
}

export function networkFacts(spec: RunSpec): NetworkFacts {
  const layers = factsOf(spec.model.layers, spec.model.inFeatures)
  const parameters = sum(layers.map((layer) => layer.parameters))
  const images = spec.dataset.trainSize - spec.dataset.valSize
  const batch = spec.training.batchSize === 'full' ? images : spec.training.batchSize
  const activations = spec.model.inFeatures + sum(layers.map((layer) => layer.outFeatures))
  return {
    layers,
    parameters,
    flops: 3 * sum(layers.map((layer) => layer.flops)),
    trainingBytes: 4 * (parameters * (2 + stateCopies(spec)) + 2 * batch * activations),
  }
}

function factsOf(layers: readonly LayerSpec[], width: number): LayerFacts[] {
  let inFeatures = width
  return layers.map((layer) => {
    const facts = layerFacts(layer, inFeatures)
    inFeatures = facts.outFeatures
    return facts
  })
}

function layerFacts(layer: LayerSpec, width: number): LayerFacts {
  const same = { inFeatures: width, outFeatures: width, parameters: 0, flops: 4 * width }
  if (layer.type === 'Linear') {
    const { outFeatures, bias } = layer
    const parameters = outFeatures * (width + (bias ? 1 : 0))
    return { inFeatures: width, outFeatures, parameters, flops: 2 * width * outFeatures }
  }
  if (layer.type === 'BatchNorm1d') {
    const vectors = layer.affine ? (layer.bias ? 2 : 1) : 0
    return { ...same, parameters: vectors * width, flops: 8 * width }
  }
  if (layer.type === 'LayerNorm') {
    const vectors = layer.elementwiseAffine ? (layer.bias ? 2 : 1) : 0
    return { ...same, parameters: vectors * width, flops: 8 * width }
  }
  if (layer.type === 'RMSNorm')
    return { ...same, parameters: layer.elementwiseAffine ? width : 0, flops: 6 * width }
  if (layer.type === 'PReLU') return { ...same, parameters: layer.numParameters }
  if (layer.type === 'GLU') return { ...same, outFeatures: Math.floor(width / 2) }
  if (layer.type !== 'Residual') return same
  const inner = factsOf(layer.layers, width)
  return {
    ...same,
    parameters: sum(inner.map((part) => part.parameters)),
    flops: sum(inner.map((part) => part.flops)) + width,
  }
}

/** How many values the optimizer keeps beside each parameter. */
export function stateCopies({ optimizer }: RunSpec): number {
  switch (optimizer.type) {
    case 'SGD':
      return optimizer.momentum > 0 ? 1 : 0
    case 'Adagrad':
    case 'Lion':
    case 'Muon':
    case 'ASGD':
      return 1
    case 'RMSprop':
      return 1 + (optimizer.momentum > 0 ? 1 : 0) + (optimizer.centered ? 1 : 0)
    case 'Adam':
    case 'AdamW':
      return optimizer.amsgrad ? 3 : 2
    case 'LBFGS':
      return 2 * optimizer.historySize
    case 'Adafactor':
      return 0
    case 'NAdam':
    case 'RAdam':
    case 'Adamax':
    case 'Adadelta':
    case 'Rprop':
      return 2
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
