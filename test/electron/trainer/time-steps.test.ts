import { expect, it } from 'vitest'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { runSpecSchema } from '#core/spec/run-spec'
import { timeSteps } from '../../../electron/trainer/time-steps'
import { readMnist } from '../../mnist'

const spec = runSpecSchema.parse({
  version: 1,
  dataset: { trainSize: 400, valSize: 100 },
  model: { layers: [{ type: 'Linear', outFeatures: 10 }] },
  training: { epochs: 1, batchSize: 20 },
})
const common = { spec, dataset: readMnist(), backend: referenceBackend }

it('times the steps of a net beyond the epochs that were asked for', async () => {
  const { signal } = new AbortController()
  const seconds = await timeSteps({ ...common, signal, warmUpMs: 20, durationMs: 60 })
  expect(seconds).toBeGreaterThan(0)
})

it('ends with the reason when it is cancelled', async () => {
  const controller = new AbortController()
  const timing = timeSteps({ ...common, signal: controller.signal, durationMs: 60_000 })
  controller.abort(new Error('enough'))
  await expect(timing).rejects.toThrow('enough')
})
