import { trainingShape, type Extra } from '#core/machine/training-shape'
import type { LayerSpec } from '#core/spec/layers'
import { runSpecSchema, type RunSpec, type RunSpecInput } from '#core/spec/run-spec'

/** Of the data set, enough for epochs of several batches; sessions open faster with fewer. */
export const CALIBRATION_IMAGES = 4096

/** Nets that differ in what a step consists of: few and many layers, narrow and wide ones, small and large batches. */
const NETS: readonly (readonly [widths: readonly number[], batch: number])[] = [
  [[16, 16, 16, 16, 10], 8],
  [[32, 10], 64],
  [[128, 10], 64],
  [[512, 10], 64],
  [[256, 10], 512],
  [[64, 512, 512, 10], 64],
  [[64, 512, 512, 10], 512],
  [[1024, 1024, 10], 128],
]

/** With the plain update, which is part of what a weight costs. */
export function plainNets(): readonly RunSpec[] {
  return NETS.map(([widths, batch]) => netSpec(linearLayers(widths), batch))
}

export interface ExtraNet {
  /** The extra (training-shape.ts) that `spec` tells the cost of. */
  readonly key: string
  readonly spec: RunSpec
}

/** The usual optimizers are timed always, so that choosing another one needs no new measurement. */
const USUAL: readonly RunSpecInput['optimizer'][] = [
  { type: 'SGD', momentum: 0.9 },
  { type: 'Adam' },
]
/** Their cost follows no count of parameters: only the net itself tells. */
const UNPREDICTABLE: ReadonlySet<string> = new Set(['update LBFGS', 'update Muon'])
const WIDTH = 256
const BATCH = 64

/** A net for each thing in `spec`, and for the usual ones, whose cost the plain nets do not tell. */
export function extraNets(spec: RunSpec): readonly ExtraNet[] {
  const { training } = spec
  const { clipGradNorm, clipGradValue, maxNorm, averaging } = training
  const hidden = linearLayers([WIDTH, WIDTH, 10])
  const shallow = linearLayers([WIDTH, 10])
  const asked = (trainingShape(spec)?.extras ?? []).flatMap(({ key, layers }) => {
    if (key.startsWith('update '))
      return [
        netSpec(hidden, BATCH, {
          optimizer: { ...spec.optimizer, lr: RATE },
          training: { clipGradNorm, clipGradValue, maxNorm, averaging, batchSize: BATCH },
        }),
      ]
    if (key.startsWith('augment '))
      return [netSpec(shallow, BATCH, { dataset: { augment: spec.dataset.augment } })]
    if (key.startsWith('loss ')) return [netSpec(shallow, BATCH, { loss: spec.loss })]
    return layers === undefined ? [] : [netSpec(around(layers), BATCH)]
  })
  const usual = USUAL.map((optimizer) => netSpec(hidden, BATCH, { optimizer }))
  const found = new Map<string, RunSpec>()
  for (const net of [...usual, ...asked])
    for (const { key } of trainingShape(net)?.extras ?? [])
      if (key !== 'update SGD' && !UNPREDICTABLE.has(key) && !found.has(key)) found.set(key, net)
  return [...found].map(([key, net]) => ({ key, spec: net }))
}

/** Nets that are nearly all matrix products, by how fast the device is: SGD, so that the update costs next to nothing. */
const WIDE = {
  narrow: [[128, 128, 10], 64],
  wide: [[512, 512, 10], 256],
  huge: [[4096, 4096, 10], 1024],
} as const

export function wideNet(size: keyof typeof WIDE): RunSpec {
  const [widths, batch] = WIDE[size]
  return netSpec(linearLayers(widths), batch)
}

/** So small that nothing diverges, whatever the optimizer. */
const RATE = 1e-6

function netSpec(
  layers: readonly LayerSpec[],
  batchSize: number,
  rest: Partial<RunSpecInput> = {},
): RunSpec {
  return runSpecSchema.parse({
    version: 1,
    model: { layers },
    optimizer: { type: 'SGD', lr: RATE },
    training: { batchSize },
    ...rest,
    dataset: { trainSize: CALIBRATION_IMAGES, ...rest.dataset },
  })
}

/** With ReLU in between. */
function linearLayers(widths: readonly number[]): readonly LayerSpec[] {
  return widths.flatMap((outFeatures, i) => [
    ...(i === 0 ? [] : [{ type: 'ReLU' as const }]),
    { type: 'Linear' as const, outFeatures, bias: true, init: null },
  ])
}

/** The layers in the middle of a net; those that count their inputs count as many as there are. */
function around(layers: Extra['layers'] & object): readonly LayerSpec[] {
  const [first, last] = linearLayers([WIDTH, 10]).filter(({ type }) => type === 'Linear')
  const fitting = layers.map((layer) =>
    layer.type === 'PReLU'
      ? { ...layer, numParameters: 1 }
      : layer.type === 'Residual'
        ? block()
        : layer,
  )
  return first === undefined || last === undefined ? fitting : [first, ...fitting, last]
}

function block(): LayerSpec {
  const linear = { type: 'Linear' as const, outFeatures: WIDTH, bias: true, init: null }
  return { type: 'Residual', layers: [linear] }
}
