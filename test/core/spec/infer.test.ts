import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildNetwork } from '#core/nn/build-network'
import { inferShapes } from '#core/spec/infer'
import { type LayerInput, type LayerSpec, modelSchema } from '#core/spec/layers'

function infer(inFeatures: number, layers: readonly LayerInput[]) {
  return inferShapes(modelSchema.parse({ inFeatures, layers }))
}

test('the starter has 784 x 128 + 128 + 128 x 10 + 10 parameters', () => {
  const shapes = infer(784, [
    { type: 'Linear', outFeatures: 128 },
    { type: 'ReLU' },
    { type: 'Linear', outFeatures: 10 },
  ])
  expect(shapes).toEqual({
    ok: true,
    value: {
      layers: [
        { path: '0', type: 'Linear', inFeatures: 784, outFeatures: 128, parameters: 100480 },
        { path: '1', type: 'ReLU', inFeatures: 128, outFeatures: 128, parameters: 0 },
        { path: '2', type: 'Linear', inFeatures: 128, outFeatures: 10, parameters: 1290 },
      ],
      outFeatures: 10,
      parameters: 101770,
    },
  })
})

describe('what does not fit is reported at its field', () => {
  test.each([
    [[{ type: 'GLU' }], 'model.layers.0', 'needs an even one; found 5'],
    [
      [{ type: 'ReLU' }, { type: 'PReLU', numParameters: 4 }],
      'model.layers.1.numParameters',
      '1 or the width that comes in, 5; found 4',
    ],
    [
      [{ type: 'Residual', layers: [{ type: 'ReLU' }, { type: 'Linear', outFeatures: 3 }] }],
      'model.layers.0.layers',
      'must end with 5 features; found 3',
    ],
    [
      [{ type: 'Residual', layers: [{ type: 'Residual', layers: [{ type: 'GLU' }] }] }],
      'model.layers.0.layers.0.layers.0',
      'found 5',
    ],
  ] as const)('%j', (layers, path, words) => {
    const outcome = inferShapes(modelSchema.parse({ inFeatures: 5, layers }))
    const issues = outcome.ok ? [] : outcome.error
    expect(issues.map((issue) => issue.path)).toContain(path)
    expect(issues.find((issue) => issue.path === path)?.message).toContain(words)
  })

  test('all of them at once', () => {
    const outcome = infer(5, [{ type: 'PReLU', numParameters: 2 }, { type: 'GLU' }])
    expect(outcome.ok ? [] : outcome.error.map(({ path }) => path)).toEqual([
      'model.layers.0.numParameters',
      'model.layers.1',
    ])
  })

  test('a model that would not fit into memory', () => {
    const outcome = infer(65536, [{ type: 'Linear', outFeatures: 65536 }])
    expect(outcome.ok ? '' : outcome.error[0]?.message).toContain('at most 134217728 parameters')
  })
})

const layer: fc.Arbitrary<LayerInput> = fc.letrec<{ layer: LayerInput }>((tie) => ({
  layer: fc.oneof(
    { maxDepth: 2 },
    fc.record({
      type: fc.constant('Linear' as const),
      outFeatures: fc.integer({ min: 1, max: 6 }),
      bias: fc.boolean(),
    }),
    fc.constantFrom<LayerInput>(
      { type: 'ReLU' },
      { type: 'GLU' },
      { type: 'PReLU' },
      { type: 'PReLU', numParameters: 4 },
      { type: 'BatchNorm1d' },
      { type: 'BatchNorm1d', affine: false },
      { type: 'BatchNorm1d', bias: false },
      { type: 'LayerNorm', bias: false },
      { type: 'RMSNorm' },
      { type: 'Dropout' },
    ),
    fc.record({
      type: fc.constant('Residual' as const),
      layers: fc.array(tie('layer'), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).layer

test('a model is inferred exactly if it can be built, with the same widths and numbers', () => {
  fc.assert(
    fc.property(fc.array(layer, { minLength: 1, maxLength: 4 }), (layers) => {
      const model = modelSchema.parse({ inFeatures: 4, layers })
      const shapes = inferShapes(model)
      if (!shapes.ok) {
        expect(() => buildNetwork(model, (length) => new Float64Array(length))).toThrow()
        return
      }
      const network = buildNetwork(model, (length) => new Float64Array(length))
      expect(shapes.value.outFeatures).toBe(network.outFeatures)
      expect(shapes.value.parameters).toBe(
        network.parameters.reduce((sum, { value }) => sum + value.length, 0),
      )
      expect(shapes.value.layers.map(summary)).toEqual(network.layers.map(summary))
    }),
    { numRuns: 300 },
  )
})

function summary(place: {
  readonly path: string
  readonly type: LayerSpec['type'] | 'Sequential'
  readonly inFeatures: number
  readonly outFeatures: number
}): string {
  return `${place.path} ${place.type} ${place.inFeatures} ${place.outFeatures}`
}
