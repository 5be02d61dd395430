import { describe, expect, test } from 'vitest'
import { checkLoss } from '#core/spec/check-loss'
import { inferShapes } from '#core/spec/infer'
import { type SpecIssue } from '#core/spec/issue'
import { type LayerInput, modelSchema } from '#core/spec/layers'
import { lossSchema } from '#core/spec/losses'

function check(layers: readonly LayerInput[], loss: object): readonly SpecIssue[] {
  const model = modelSchema.parse({ inFeatures: 8, layers })
  const shapes = inferShapes(model)
  if (!shapes.ok) throw new Error('the model of this test does not fit')
  return checkLoss(model, shapes.value, lossSchema.parse(loss), 10)
}

const linear: LayerInput = { type: 'Linear', outFeatures: 10 }

describe('no complaint about', () => {
  test.each([
    [[linear], { type: 'CrossEntropyLoss' }],
    [[linear, { type: 'LogSoftmax' }], { type: 'NLLLoss' }],
    [[linear, { type: 'LogSoftmax' }], { type: 'KLDivLoss' }],
    [[linear, { type: 'Sigmoid' }], { type: 'BCELoss' }],
    [[linear, { type: 'Softmax' }], { type: 'MSELoss' }],
    [[linear], { type: 'BCEWithLogitsLoss', posWeight: Array(10).fill(1) }],
  ] as const)('%j with %j', (layers, loss) => {
    expect(check(layers, loss)).toEqual([])
  })
})

describe('a layer that the loss has built in can be removed by one click', () => {
  test.each([
    ['Softmax', 'CrossEntropyLoss'],
    ['LogSoftmax', 'CrossEntropyLoss'],
    ['Sigmoid', 'BCEWithLogitsLoss'],
  ] as const)('%s before %s', (type, loss) => {
    expect(check([linear, { type }], { type: loss })).toMatchObject([
      {
        path: 'model.layers.1',
        severity: 'warning',
        fix: { kind: 'removeLayer', index: 1 },
      },
    ])
  })
})

describe('a loss that needs another last layer', () => {
  test.each([
    ['NLLLoss', 'CrossEntropyLoss', 'warning'],
    ['BCELoss', 'BCEWithLogitsLoss', 'error'],
  ] as const)('%s of logits can become %s by one click', (type, other, severity) => {
    expect(check([linear], { type })).toMatchObject([
      {
        path: 'loss.type',
        severity,
        fix: { kind: 'set', path: 'loss', value: { type: other } },
      },
    ])
  })
})

test('the width must be the number of classes, and the last Linear can be set to it', () => {
  const layers: LayerInput[] = [{ type: 'Linear', outFeatures: 7 }, { type: 'Dropout' }]
  expect(check(layers, { type: 'CrossEntropyLoss' })).toMatchObject([
    {
      path: 'model.layers.0.outFeatures',
      severity: 'error',
      fix: { kind: 'set', path: 'model.layers.0.outFeatures', value: 10 },
    },
  ])
  expect(check([{ type: 'ReLU' }], { type: 'CrossEntropyLoss' })[0]?.path).toBe('model.layers')
})

test('class weights of the wrong length are an error at their field', () => {
  const issues = check([linear], { type: 'CrossEntropyLoss', weight: [1, 2] })
  expect(issues).toMatchObject([{ path: 'loss.weight', severity: 'error' }])
  expect(issues[0]?.message).toContain('needs 10 numbers, one a class; found 2')
})

test('labels are not logarithms', () => {
  const issues = check([linear, { type: 'LogSoftmax' }], { type: 'KLDivLoss', logTarget: true })
  expect(issues[0]?.fix).toEqual({ kind: 'set', path: 'loss.logTarget', value: false })
})
