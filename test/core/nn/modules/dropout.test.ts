import { describe, expect, test } from 'vitest'
import { buildNetwork } from '#core/nn/build-network'
import { type ForwardContext } from '#core/nn/module'
import { modelSchema } from '#core/spec/layers'
import { domains, philox4x32 } from '#core/tensor/philox'

const WIDTH = 1000
const ROWS = 10
const training: ForwardContext = { training: true, seed: 5, step: 0 }
const ones = new Float64Array(ROWS * WIDTH).fill(1)

function run(layer: object, context: ForwardContext, x = ones, before: object[] = []) {
  const model = modelSchema.parse({ inFeatures: WIDTH, layers: [...before, layer] })
  const network = buildNetwork(model, (length) => new Float64Array(length))
  const y = Float64Array.from(network.forward(x, ROWS, context))
  const dx = Float64Array.from(network.backward(ones, ROWS, true))
  return { y, dx }
}

describe('Dropout', () => {
  test('drops about p of the elements and scales the rest by 1 / (1 - p)', () => {
    const { y, dx } = run({ type: 'Dropout', p: 0.25 }, training)
    expect(new Set(y)).toEqual(new Set([0, 1 / 0.75]))
    expect(y.filter((v) => v === 0).length / y.length).toBeCloseTo(0.25, 1)
    expect(dx).toEqual(y)
  })

  test('element e of layer s at step t is dropped where its Philox word says so', () => {
    const { y } = run({ type: 'Dropout', p: 0.5 }, { ...training, step: 9 }, ones, [
      { type: 'ReLU' },
    ])
    const words = new Uint32Array(4)
    for (const element of [0, 1, 7, 4321]) {
      philox4x32(words, 0, element >>> 2, 9, 1, 0, 5, domains.dropout)
      expect(y[element]).toBe((words[element & 3] ?? 0) < 2 ** 31 ? 0 : 2)
    }
  })

  test('the same seed, step and layer give the same mask, any other gives another', () => {
    const layer = { type: 'Dropout' }
    const { y } = run(layer, training)
    expect(run(layer, training).y).toEqual(y)
    expect(run(layer, { ...training, step: 1 }).y).not.toEqual(y)
    expect(run(layer, { ...training, seed: 6 }).y).not.toEqual(y)
    expect(run(layer, training, ones, [{ type: 'ReLU' }]).y).not.toEqual(y)
  })

  test.each([
    [0, 1],
    [1, 0],
  ])('p = %d leaves %d of each element', (p, left) => {
    const { y, dx } = run({ type: 'Dropout', p }, training)
    expect(new Set([...y, ...dx])).toEqual(new Set([left]))
  })

  test.each(['Dropout', 'AlphaDropout'])('%s does nothing in evaluation', (type) => {
    const { y, dx } = run({ type }, { ...training, training: false })
    expect(y).toEqual(ones)
    expect(dx).toEqual(ones)
  })
})

describe('AlphaDropout', () => {
  test('keeps mean 0 and variance 1', () => {
    const x = ones.map((_, i) => (i % 2 === 0 ? 1 : -1))
    const { y } = run({ type: 'AlphaDropout', p: 0.4 }, training, x)
    const mean = y.reduce((a, b) => a + b) / y.length
    const variance = y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length
    expect(Math.abs(mean)).toBeLessThan(0.05)
    expect(Math.abs(variance - 1)).toBeLessThan(0.05)
  })

  test('p = 1 gives zeros, as in torch', () => {
    expect(new Set(run({ type: 'AlphaDropout', p: 1 }, training).y)).toEqual(new Set([0]))
  })
})

describe('RReLU', () => {
  const minus = ones.map(() => -1)

  test('draws a slope for each negative element in training', () => {
    const { y, dx } = run({ type: 'RReLU' }, training, minus)
    const mean = dx.reduce((a, b) => a + b) / dx.length
    expect(Math.min(...dx)).toBeGreaterThanOrEqual(1 / 8)
    expect(Math.max(...dx)).toBeLessThan(1 / 3)
    expect(mean).toBeCloseTo((1 / 8 + 1 / 3) / 2, 2)
    expect(y).toEqual(dx.map((slope) => -slope))
  })

  test('takes the middle slope in evaluation, and 1 above 0', () => {
    const evaluation = { ...training, training: false }
    expect(run({ type: 'RReLU' }, evaluation, minus).y[0]).toBeCloseTo(-(1 / 8 + 1 / 3) / 2, 15)
    expect(run({ type: 'RReLU' }, evaluation).y).toEqual(ones)
  })
})
