import { expect, test } from 'vitest'
import { checkBatches } from '#core/spec/check-batches'
import { modelSchema } from '#core/spec/layers'

const plain = modelSchema.parse({ layers: [{ type: 'ReLU' }] })
const normalised = modelSchema.parse({
  layers: [{ type: 'Residual', layers: [{ type: 'BatchNorm1d' }] }],
})

test('BatchNorm1d with a batch of one is an error, and so is a remainder of one', () => {
  expect(checkBatches(normalised, 60000, 1, false)).toMatchObject([
    { path: 'training.batchSize', severity: 'error', fix: { value: 64 } },
  ])
  expect(checkBatches(normalised, 129, 64, false)).toMatchObject([
    { path: 'training.dropLast', severity: 'error', fix: { value: true } },
  ])
})

test('other batches and other models are fine', () => {
  expect(checkBatches(normalised, 129, 64, true)).toEqual([])
  expect(checkBatches(normalised, 128, 64, false)).toEqual([])
  expect(checkBatches(normalised, 129, 'full', false)).toEqual([])
  expect(checkBatches(plain, 129, 1, false)).toEqual([])
})
