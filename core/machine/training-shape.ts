import { inferShapes, type InferredLayer } from '#core/spec/infer'
import type { LayerSpec } from '#core/spec/layers'
import type { RunSpec } from '#core/spec/run-spec'

/** One matrix product of the net. */
export interface Product {
  readonly inFeatures: number
  readonly outFeatures: number
  /** Takes the images themselves: nobody asks for its input's gradient, and most of its pixels are zero. */
  readonly first: boolean
}

/** What a run's time depends on besides its products: what it is, how much of it a step has. */
export interface Extra {
  /** The same text means the same work for each unit: 'Dropout', 'BatchNorm1d ReLU', 'update Adam'. */
  readonly key: string
  /** Values, images or parameters in one step. */
  readonly units: number
  /** The layers, where it is layers. */
  readonly layers?: readonly LayerSpec[]
}

/** The numbers of a spec that decide how long a step takes. */
export interface TrainingShape {
  readonly products: readonly Product[]
  readonly extras: readonly Extra[]
  /** All trained values. */
  readonly parameters: number
  /** Values that one image leaves in the net on its way forward: every layer's output. */
  readonly activations: number
  /** Images a step. */
  readonly batchSize: number
  /** Images an epoch. */
  readonly images: number
}

/** Of a spec whose layers fit each other; null where they do not. */
export function trainingShape(spec: RunSpec): TrainingShape | null {
  const inferred = inferShapes(spec.model)
  if (!inferred.ok) return null
  const { layers, parameters } = inferred.value
  const images = spec.dataset.trainSize - spec.dataset.valSize
  const batchSize =
    spec.training.batchSize === 'full' ? images : Math.min(spec.training.batchSize, images)
  const loss = lossKey(spec)
  const products = layers
    .filter(({ type }) => type === 'Linear')
    .map(({ inFeatures, outFeatures, path }) => ({ inFeatures, outFeatures, first: path === '0' }))
  return {
    products,
    extras: [
      ...layerExtras(
        spec.model.layers,
        new Map(layers.map((layer) => [layer.path, layer])),
        batchSize,
      ),
      { key: updateKey(spec), units: parameters },
      ...(spec.dataset.augment === null
        ? []
        : [{ key: `augment ${JSON.stringify(spec.dataset.augment)}`, units: batchSize }]),
      ...(loss === null ? [] : [{ key: loss, units: batchSize }]),
    ],
    parameters,
    activations: layers.reduce((sum, { outFeatures }) => sum + outFeatures, 0),
    batchSize,
    images,
  }
}

/** Whatever follows a product up to the next one is worked off together; a ReLU alone costs next to nothing. */
function layerExtras(
  specs: readonly LayerSpec[],
  inferred: ReadonlyMap<string, InferredLayer>,
  batchSize: number,
  parent = '',
): readonly Extra[] {
  const extras: Extra[] = []
  let chain: { readonly layers: LayerSpec[]; values: number } = { layers: [], values: 0 }
  const close = () => {
    const key = chain.layers.map(({ type }) => type).join(' ')
    if (key !== '' && key !== 'ReLU')
      extras.push({ key, units: batchSize * chain.values, layers: chain.layers })
    chain = { layers: [], values: 0 }
  }
  specs.forEach((spec, i) => {
    const path = parent === '' ? String(i) : `${parent}.${i}`
    const width = inferred.get(path)?.inFeatures ?? 0
    if (spec.type === 'Linear') close()
    else if (spec.type === 'Residual') {
      close()
      extras.push({ key: 'Residual', units: batchSize * width, layers: [spec] })
      extras.push(...layerExtras(spec.layers, inferred, batchSize, path))
    } else {
      chain.layers.push(spec)
      chain.values = Math.max(chain.values, width)
    }
  })
  close()
  return extras
}

/** Rates and other numbers change nothing; which averages are kept, and what happens besides the update, does. */
function updateKey({ optimizer, training }: RunSpec): string {
  const { clipGradNorm, clipGradValue, maxNorm, averaging } = training
  const switches = Object.entries({ ...optimizer, clipGradNorm, clipGradValue, maxNorm })
    .filter(([name, value]) => !FIGURES.has(name) && (value === true || Number(value) > 0))
    .map(([name]) => name)
  return [
    'update',
    optimizer.type,
    ...switches,
    ...(averaging === null ? [] : [averaging.type]),
  ].join(' ')
}

/** Fields of optimizers that only scale what is computed anyway. */
const FIGURES: ReadonlySet<string> = new Set([
  'lr',
  'eps',
  'alpha',
  'rho',
  'lambd',
  't0',
  'dampening',
  'momentumDecay',
  'lrDecay',
  'initialAccumulatorValue',
])

/** Cross entropy of plain labels has a kernel of its own everywhere and costs next to nothing. */
function lossKey({ loss }: RunSpec): string | null {
  const isPlain =
    loss.type === 'CrossEntropyLoss' && loss.weight === null && loss.labelSmoothing === 0
  return isPlain ? null : `loss ${loss.type}`
}
