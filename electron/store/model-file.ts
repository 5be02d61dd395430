import type { StateTensor } from '#core/backend/backend'
import { parseRunSpec, type RunSpec } from '#core/spec/run-spec'
import { fail, ok, type Result } from '#core/tensor/result'
import { readSafetensors, writeSafetensors } from '#core/tensor/safetensors'
import { parseJson, stateTensors } from './checkpoint-file'

/** A trained model in one file: what is needed to predict with it, and how good it was. */
export interface StoredModel {
  /** Named as torch.nn.Sequential's state_dict names them. */
  readonly tensors: ReadonlyMap<string, StateTensor>
  readonly spec: RunSpec
  /** 0..1, or null where it was not tested. */
  readonly testAccuracy: number | null
}

/** Weights as float32, whatever precision they were trained in; the spec, with its normalisation, as metadata. */
export function encodeModel({ tensors, spec, testAccuracy }: StoredModel): Uint8Array {
  const single = new Map(
    [...tensors].map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
  )
  return writeSafetensors(single, {
    format: 'pt',
    spec: JSON.stringify(spec),
    ...(testAccuracy !== null && { testAccuracy: String(testAccuracy) }),
  })
}

/** The error is a sentence about the file. */
export function decodeModel(bytes: Uint8Array): Result<StoredModel, string> {
  const file = readSafetensors(bytes)
  if (!file.ok) return file
  const tensors = stateTensors(file.value.tensors)
  if (!tensors.ok) return tensors
  const { metadata } = file.value
  const spec = parseRunSpec(parseJson(metadata['spec']))
  if (!spec.ok) return fail('it holds weights, but not the model they belong to')
  const accuracy = Number(metadata['testAccuracy'] ?? NaN)
  return ok({
    tensors: tensors.value,
    spec: spec.value,
    testAccuracy: Number.isFinite(accuracy) ? accuracy : null,
  })
}

/** Weights alone, from this program or from torch. */
export function decodeWeights(bytes: Uint8Array): Result<ReadonlyMap<string, StateTensor>, string> {
  const file = readSafetensors(bytes)
  return file.ok ? stateTensors(file.value.tensors) : file
}
