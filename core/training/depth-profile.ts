import { distributionOf } from '#core/backend/distribution'
import { leaves } from '#core/backend/locate-failure'
import type { Dataset } from '#core/data/dataset'
import { normalizationTable } from '#core/data/normalize'
import { buildNetwork } from '#core/nn/build-network'
import { lossOf } from '#core/nn/losses/loss-of'
import type { Module } from '#core/nn/module'
import type { Network } from '#core/nn/network'
import type { RunSpec } from '#core/spec/run-spec'
import { Mt19937 } from '#core/tensor/mt19937'
import { drawParameters } from './initial-parameters'

/** What one layer does to the signal before any training. */
export interface DepthFigure {
  /** Path as in state_dict: "0", "3.1". */
  readonly layer: string
  readonly type: string
  /** Variance of the layer's outputs over the batch. */
  readonly activationVariance: number
  /** Variance of the loss's gradient with respect to those outputs. */
  readonly gradientVariance: number
}

/**
 * Variances through the layers, input to output, for the init that a run of `spec` would start from, on the first `n`
 * training images undistorted. In float64: an init that overflows float32 is seen as it is.
 */
export function depthProfile(spec: RunSpec, dataset: Dataset, n: number): readonly DepthFigure[] {
  const network = drawnNetwork(spec)
  const { images, labels } = dataset.train
  const table = normalizationTable(spec.dataset.normalize, make)
  const inputs = Float64Array.from(
    images.subarray(0, n * network.inFeatures),
    (pixel) => table[pixel] ?? 0,
  )
  const { seed } = spec.training
  const output = network.forward(inputs, n, { training: true, seed, step: 0 })
  const loss = lossOf(spec.loss, network.outFeatures)
  const targets = { kind: 'classes', labels: labels.subarray(0, n) } as const
  const gradient = make(n * network.outFeatures)
  loss.backward(output, targets, n, gradient)
  network.backward(gradient, n)
  return leaves(network.root.children).map((layer) => figureOf(layer, n))
}

function figureOf({ path, type, output, outputGradient, outFeatures }: Module, n: number) {
  const count = n * outFeatures
  return {
    layer: path,
    type,
    activationVariance: distributionOf(output, count).std ** 2,
    gradientVariance: distributionOf(outputGradient, count).std ** 2,
  }
}

function drawnNetwork({ model, training }: RunSpec): Network {
  const network = buildNetwork(model, make)
  drawParameters(model, new Mt19937(training.seed)).forEach(({ value }, i) => {
    network.parameters[i]?.value.set(value)
  })
  return network
}

function make(length: number): Float64Array {
  return new Float64Array(length)
}
