import { expect, test } from 'vitest'
import { layerSchema, layerTypes, modelSchema } from '#core/spec/layers'

test('an omitted argument takes the default of torch', () => {
  expect(layerSchema.parse({ type: 'Linear', outFeatures: 10 })).toEqual({
    type: 'Linear',
    outFeatures: 10,
    bias: true,
    init: null,
  })
  expect(modelSchema.parse({ layers: [{ type: 'BatchNorm1d' }] })).toEqual({
    inFeatures: 784,
    layers: [
      {
        type: 'BatchNorm1d',
        eps: 1e-5,
        momentum: 0.1,
        affine: true,
        trackRunningStats: true,
        bias: true,
      },
    ],
  })
})

test('blocks nest inside blocks', () => {
  const nested = {
    type: 'Residual',
    layers: [{ type: 'Residual', layers: [{ type: 'Linear', outFeatures: 3 }] }],
  }
  expect(layerSchema.parse(nested)).toMatchObject(nested)
})

test('an unknown layer names its path, what was found and what is allowed', () => {
  const outcome = modelSchema.safeParse({ layers: [{ type: 'ReLU' }, { type: 'Conv2d' }] })
  const issue = outcome.error?.issues[0]
  expect(issue?.path).toEqual(['layers', 1, 'type'])
  expect(issue?.message).toContain('found "Conv2d"')
  expect(issue?.message).toContain('Linear, Dropout')
})

test.each([
  [{ type: 'Linear', outFeatures: 0 }],
  [{ type: 'Linear', outFeatures: 65537 }],
  [{ type: 'Linear', outFeatures: 2.5 }],
  [{ type: 'Linear', outFeatures: 2, units: 2 }],
  [{ type: 'Dropout', p: 1.5 }],
  [{ type: 'Residual', layers: [] }],
  [{ type: 'LayerNorm', eps: Number.NaN }],
])('%j is refused', (layer) => {
  expect(layerSchema.safeParse(layer).success).toBe(false)
})

test('the list of layer types is the list the schema accepts', () => {
  const accepted = layerSchema.options.map((option) => option.shape.type.value)
  expect([...accepted].sort()).toEqual([...layerTypes].sort())
})
