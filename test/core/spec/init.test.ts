import { expect, test } from 'vitest'
import { biasInitSchema, initSchema } from '#core/spec/init'

test('kaiming_uniform_ takes the defaults of torch', () => {
  expect(initSchema.parse({ type: 'kaiming_uniform_' })).toEqual({
    type: 'kaiming_uniform_',
    a: 0,
    mode: 'fan_in',
    nonlinearity: 'leaky_relu',
  })
})

test('dirac_ is refused with the reason and the alternative', () => {
  const message = initSchema.safeParse({ type: 'dirac_' }).error?.issues[0]?.message
  expect(message).toContain('for a matrix use eye_')
})

test('a bias accepts only the functions that need no fan', () => {
  expect(biasInitSchema.safeParse({ type: 'zeros_' }).success).toBe(true)
  const message = biasInitSchema.safeParse({ type: 'orthogonal_' }).error?.issues[0]?.message
  expect(message).toContain('it needs a matrix')
})

test('the message lists exactly the types the schema accepts', () => {
  const message = initSchema.safeParse({ type: 'nothing' }).error?.issues[0]?.message ?? ''
  const types = initSchema.options.map((option) => option.shape.type.value)
  expect(message.split('allowed: ')[1]).toBe(types.join(', '))
})
