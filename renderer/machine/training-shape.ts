import type { TrainingShape } from '#core/machine/estimate'
import type { RunSpec } from '#core/spec/run-spec'
import { networkFacts, stateCopies } from '../network/network-facts'

const pixelsAndLabel = 28 * 28 + 1

/** The numbers of a spec that decide memory and time. `loaded`: images in memory, the test set included. */
export function trainingShape(spec: RunSpec, loaded: number): TrainingShape {
  const { layers, parameters } = networkFacts(spec)
  const images = spec.dataset.trainSize - spec.dataset.valSize
  const { batchSize } = spec.training
  return {
    widths: [spec.model.inFeatures, ...linearWidths(spec, layers)],
    parameters,
    activations: layers.reduce((sum, { outFeatures }) => sum + outFeatures, 0),
    batchSize: batchSize === 'full' ? images : Math.min(batchSize, images),
    images,
    slotsPerParameter: stateCopies(spec),
    bytesPerValue: 4,
    datasetBytes: loaded * pixelsAndLabel,
  }
}

/** Widths after each Linear: activations and normalisations between them hold no matrix. */
function linearWidths(
  spec: RunSpec,
  layers: readonly { readonly outFeatures: number }[],
): readonly number[] {
  return layers.filter((_, i) => spec.model.layers[i]?.type === 'Linear').map((l) => l.outFeatures)
}
