import type { LayerSpec } from '#core/spec/layers'
import type { RunSpec } from '#core/spec/run-spec'
import type { SessionSetup } from '../backend'
import { DeviceError } from './device-error'
import { webgpuRefusal } from './refusal'
import { isPassed } from './wgsl/layer-passes-of'

/**
 * Runs that are worked off together share shapes, batch size, data and loss. They may differ in the optimizer and its numbers, in
 * scheduler, seed and length, in elementwise activations and in how much their noise layers drop.
 *
 * @throws DeviceError that names what they may not differ in, or what the GPU does not do
 */
export function checkGroup(setups: readonly SessionSetup[]): void {
  for (const { spec } of setups) {
    const refusal = webgpuRefusal(spec)
    if (refusal !== null) throw new DeviceError(refusal)
  }
  const [first, ...others] = setups.map((setup) => sharedBy(setup))
  if (first === undefined) throw new RangeError('expected at least one run')
  for (const other of others)
    for (const [name, value] of Object.entries(first))
      if (JSON.stringify(other[name]) !== JSON.stringify(value))
        throw new DeviceError(
          `runs that share a GPU's steps must agree in ${name}: ${JSON.stringify(value)} and ${JSON.stringify(other[name])}`,
        )
}

function sharedBy({ spec, dataset }: SessionSetup): Readonly<Record<string, unknown>> {
  const { batchSize, clipGradNorm, clipGradValue, maxNorm, averaging } = spec.training
  return {
    'the data': dataset.hash,
    dataset: spec.dataset,
    'model.inFeatures': spec.model.inFeatures,
    'model.layers': spec.model.layers.map(shapeOf),
    loss: spec.loss,
    'training.batchSize': batchSize,
    'training.clipGradNorm': clipGradNorm,
    'training.clipGradValue': clipGradValue,
    'training.maxNorm': maxNorm,
    'training.averaging.type': averaging?.type ?? null,
  }
}

function shapeOf(layer: LayerSpec): unknown {
  if (layer.type === 'Linear') return { type: layer.type, out: layer.outFeatures, bias: layer.bias }
  if (layer.type === 'Residual') return { type: layer.type, layers: layer.layers.map(shapeOf) }
  if (layer.type === 'PReLU') return { type: layer.type, numParameters: layer.numParameters }
  if (isPassed(layer)) return layer
  if (layer.type === 'Dropout' || layer.type === 'AlphaDropout' || layer.type === 'RReLU')
    return layer.type
  return 'an elementwise activation'
}

/** [layers][runs] the specs of the layers that stand at the same place. */
export function layersOf(specs: readonly RunSpec[]): readonly LayerSpecs[] {
  return transposed(specs.map(({ model }) => model.layers))
}

/** Specs of the layers at one place of the model, one for each run. */
export type LayerSpecs = readonly LayerSpec[]

export function transposed(runs: readonly (readonly LayerSpec[])[]): readonly LayerSpecs[] {
  return (runs[0] ?? []).map((_, i) => runs.flatMap((layers) => layers[i] ?? []))
}
