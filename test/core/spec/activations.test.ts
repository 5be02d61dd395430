import { expect, test } from 'vitest'
import { activationSchemas } from '#core/spec/activations'

test('there are the 27 activations of torch that act on rows of features', () => {
  expect(Object.keys(activationSchemas)).toHaveLength(27)
  for (const [name, schema] of Object.entries(activationSchemas))
    expect(schema.shape.type.value).toBe(name)
})

test('defaults are those of torch', () => {
  expect(activationSchemas.RReLU.parse({ type: 'RReLU' })).toEqual({
    type: 'RReLU',
    lower: 1 / 8,
    upper: 1 / 3,
  })
  expect(activationSchemas.Softplus.parse({ type: 'Softplus' })).toMatchObject({
    beta: 1,
    threshold: 20,
  })
  expect(activationSchemas.GLU.parse({ type: 'GLU' }).dim).toBe(-1)
  expect(activationSchemas.Softmax.parse({ type: 'Softmax' }).dim).toBe(1)
})

test('bounds that cross are refused at the lower one', () => {
  const hardtanh = activationSchemas.Hardtanh.safeParse({ type: 'Hardtanh', minVal: 2 })
  expect(hardtanh.error?.issues[0]?.path).toEqual(['minVal'])
  const rrelu = activationSchemas.RReLU.safeParse({ type: 'RReLU', lower: 1 })
  expect(rrelu.error?.issues[0]?.path).toEqual(['lower'])
})

test('Threshold has no defaults, as in torch', () => {
  expect(activationSchemas.Threshold.safeParse({ type: 'Threshold' }).success).toBe(false)
})
