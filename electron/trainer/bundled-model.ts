import { readFile } from 'node:fs/promises'
import type { Prediction, PredictionRequest } from '#core/backend/backend'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import type { Dataset } from '#core/data/dataset'
import { decodeModel } from '../store/model-file'

/** The trained model that ships with the app, so that the drawing pad answers before anything was trained. */
export interface BundledModel {
  /** "bundled 784-128-10, 97.8 %" */
  readonly name: string
  predict(request: PredictionRequest): Promise<Prediction>
}

/** Predicts in this thread: one image through a small net takes less than a millisecond. */
export async function loadBundledModel(path: string, dataset: Dataset): Promise<BundledModel> {
  const model = decodeModel(await readFile(path))
  if (!model.ok) throw new Error(`The bundled model cannot be read: ${model.error}`)
  const { spec, tensors, testAccuracy } = model.value
  const session = await referenceBackend.createSession({ spec, dataset, parameters: tensors })
  const accuracy = testAccuracy === null ? '' : `, ${(testAccuracy * 100).toFixed(1)} %`
  return {
    name: `${spec.name}${accuracy}`,
    predict: (request) => session.predict(request),
  }
}
