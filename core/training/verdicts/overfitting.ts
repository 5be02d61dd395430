import type { LayerSpec, ModelSpec } from '#core/spec/layers'
import type { RunSpec } from '#core/spec/run-spec'
import type { Evidence } from './evidence'
import type { Remedy, Verdict } from './verdict'
import { linearLayers } from './walk-layers'

/** One worse epoch is chance, three in a row, all a tenth above the best, are a trend. */
const EPOCHS = 3
const WORSE = 1.1
const PATIENCE = 2
const DROPOUT = 0.5
const ALL_IMAGES = 60_000

/** The training loss still falls while the validation loss rises: the net learns its images by heart. */
export function overfitting({ epochs, spec }: Evidence): Verdict | null {
  const records = epochs.flatMap(({ epoch, trainLoss, valLoss }) =>
    valLoss === undefined ? [] : [{ epoch, trainLoss, valLoss }],
  )
  const [first, ...others] = records
  if (first === undefined) return null
  const best = others.reduce((a, b) => (b.valLoss < a.valLoss ? b : a), first)
  const since = records.filter(({ epoch }) => epoch > best.epoch).slice(-EPOCHS)
  const last = since.at(-1)
  if (since.length < EPOCHS || last === undefined || last.trainLoss >= best.trainLoss) return null
  if (since.some(({ valLoss }) => valLoss < WORSE * best.valLoss)) return null
  return {
    kind: 'overfitting',
    sinceEpoch: best.epoch + 1,
    severity: 'warning',
    remedies: [...stopEarly(spec), ...useMoreImages(spec), ...addDropout(spec.model)],
  }
}

function stopEarly({ training }: RunSpec): readonly Remedy[] {
  if (training.earlyStopping !== null) return []
  const value = { monitor: 'valLoss', patience: PATIENCE, minDelta: 0, restoreBest: true }
  const fix = { kind: 'set', path: 'training.earlyStopping', value } as const
  return [{ kind: 'stopEarly', value: PATIENCE, fixes: [fix] }]
}

function useMoreImages({ dataset }: RunSpec): readonly Remedy[] {
  if (dataset.trainSize >= ALL_IMAGES) return []
  const fix = { kind: 'set', path: 'dataset.trainSize', value: ALL_IMAGES } as const
  return [{ kind: 'useMoreImages', value: ALL_IMAGES, fixes: [fix] }]
}

/** After every hidden activation outside of blocks, in a model that has none. */
function addDropout(model: ModelSpec): readonly Remedy[] {
  if (model.layers.some(({ type }) => type === 'Dropout' || type === 'AlphaDropout')) return []
  const hidden = new Set(
    linearLayers(model)
      .slice(0, -1)
      .map(({ activation }) => activation?.path),
  )
  const value = model.layers.flatMap((layer, i): readonly LayerSpec[] =>
    hidden.has(String(i)) ? [layer, { type: 'Dropout', p: DROPOUT }] : [layer],
  )
  if (value.length === model.layers.length) return []
  const fix = { kind: 'set', path: 'model.layers', value } as const
  return [{ kind: 'addDropout', value: DROPOUT, fixes: [fix] }]
}
