import { expect, test } from 'vitest'
import { lossSchema, lossSchemas } from '#core/spec/losses'

test('CrossEntropyLoss takes the defaults of torch', () => {
  expect(lossSchema.parse({ type: 'CrossEntropyLoss' })).toEqual({
    type: 'CrossEntropyLoss',
    weight: null,
    ignoreIndex: -100,
    labelSmoothing: 0,
    reduction: 'mean',
  })
})

test('only KLDivLoss knows batchmean', () => {
  expect(lossSchema.safeParse({ type: 'KLDivLoss', reduction: 'batchmean' }).success).toBe(true)
  expect(lossSchema.safeParse({ type: 'MSELoss', reduction: 'batchmean' }).success).toBe(false)
})

test('the union holds every loss of the table', () => {
  const accepted = lossSchema.options.map((option) => option.shape.type.value)
  expect([...accepted].sort()).toEqual(Object.keys(lossSchemas).sort())
})

test('an unknown loss is told what is allowed', () => {
  const message = lossSchema.safeParse({ type: 'FocalLoss' }).error?.issues[0]?.message
  expect(message).toContain('found "FocalLoss"; allowed: CrossEntropyLoss')
})
