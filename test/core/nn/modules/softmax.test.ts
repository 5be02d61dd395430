import { expect, test } from 'vitest'
import { buildNetwork } from '#core/nn/build-network'
import { modelSchema } from '#core/spec/layers'
import golden from '../../../golden/activations.json' with { type: 'json' }

const { activations, matrix } = golden
const evaluation = { training: false, seed: 0, step: 0 }

test.each([
  [{ type: 'Softmax' }, activations['Softmax(dim=1)']],
  [{ type: 'LogSoftmax' }, activations['LogSoftmax(dim=1)']],
  [{ type: 'Softmin' }, activations['Softmin(dim=1)']],
  [{ type: 'GLU' }, activations.GLU],
] as const)('%j of logits up to 1000 is that of PyTorch', (layer, expected) => {
  const model = modelSchema.parse({ inFeatures: 4, layers: [layer] })
  const network = buildNetwork(model, (length) => new Float64Array(length))
  const y = network.forward(Float64Array.from(matrix.flat()), matrix.length, evaluation)
  expected.flat().forEach((value, i) => {
    expect(y[i]).toBeCloseTo(value, 12)
  })
})

test('PReLU and its input gradient are those of PyTorch at every point', () => {
  const model = modelSchema.parse({ inFeatures: 1, layers: [{ type: 'PReLU' }] })
  const network = buildNetwork(model, (length) => new Float64Array(length))
  const n = golden.x.length
  const y = network.forward(Float64Array.from(golden.x), n, evaluation)
  const dx = network.backward(new Float64Array(n).fill(1), n, true)
  expect([...y]).toEqual(activations.PReLU.y)
  expect([...dx]).toEqual(activations.PReLU.dy)
})
