import * as z from 'zod'
import type { SessionState, StateTensor } from '#core/backend/backend'
import { fail, ok, type Result } from '#core/tensor/result'
import { readSafetensors, writeSafetensors, type SafeTensor } from '#core/tensor/safetensors'
import type { TrainerCheckpoint } from '#core/training/checkpoint'

/** Checkpoints are safetensors files: the session's tensors, its counters and the run's position as metadata. */

const finite = z.number()
const positionSchema = z.object({
  epoch: z.int().min(0),
  batch: z.int().min(0),
  step: z.int().min(0),
  generator: z.object({
    words: z.array(z.int().min(0).max(0xffffffff)),
    index: z.int().min(0),
    spareNormal: finite.nullable(),
  }),
  sums: z.object({ loss: finite, hits: finite, images: finite, seconds: finite }),
  schedule: z.unknown(),
  best: z.object({ epoch: z.int().min(0), value: finite }).nullable(),
  badEpochs: z.int().min(0),
})

const numbersSchema = z.record(z.string(), z.number())

export function encodeCheckpoint({ session, position }: TrainerCheckpoint): Uint8Array {
  return writeSafetensors(session.tensors, {
    position: JSON.stringify(position),
    numbers: JSON.stringify(session.numbers),
  })
}

/** The error is a sentence about the file. */
export function decodeCheckpoint(bytes: Uint8Array): Result<TrainerCheckpoint, string> {
  const file = readSafetensors(bytes)
  if (!file.ok) return file
  const tensors = stateTensors(file.value.tensors)
  if (!tensors.ok) return tensors
  const { metadata } = file.value
  const position = positionSchema.safeParse(parseJson(metadata['position']))
  const numbers = numbersSchema.safeParse(parseJson(metadata['numbers']))
  if (!position.success || !numbers.success)
    return fail('it holds weights, but not where the training stood')
  return ok({
    session: { tensors: tensors.value, numbers: numbers.data },
    position: position.data,
  })
}

/** Parameters and buffers of a session's state, as state_dict names them. */
export function modelTensors(
  state: ReadonlyMap<string, StateTensor>,
): ReadonlyMap<string, StateTensor> {
  return new Map(
    [...state].filter(([name]) => !name.startsWith('optimizer.') && !name.startsWith('averaged.')),
  )
}

/** The model that a run answers with at its end: the averaged one (SWA, EMA), where it keeps one. */
export function finalTensors({ tensors, numbers }: SessionState): ReadonlyMap<string, StateTensor> {
  const model = modelTensors(tensors)
  if ((numbers['averaged.n_averaged'] ?? 0) === 0) return model
  return new Map(
    [...model].map(([name, tensor]) => [name, tensors.get(`averaged.${name}`) ?? tensor]),
  )
}

/** The tensors of a file, provided that all are float32 or float64. */
export function stateTensors(
  tensors: ReadonlyMap<string, SafeTensor>,
): Result<ReadonlyMap<string, StateTensor>, string> {
  const states = new Map<string, StateTensor>()
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array || data instanceof Float64Array))
      return fail(`tensor "${name}" is neither float32 nor float64`)
    states.set(name, { shape, data })
  }
  return ok(states)
}

/** Undefined for text that is no JSON; a schema refuses it then. */
export function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
