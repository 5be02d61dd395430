import { describe, expect, test } from 'vitest'
import { type Targets, TargetError } from '#core/nn/losses/loss'
import { lossOf } from '#core/nn/losses/loss-of'
import { ShapeError } from '#core/nn/shape-error'
import { lossSchema } from '#core/spec/losses'
import { gradientError, numericalGradient, sampleValues } from '../gradient-check'

const ROWS = 6
const WIDTH = 4
const labels: Targets = { kind: 'classes', labels: Uint8Array.of(0, 3, 1, 2, 2, 0) }
const weight = [1, 2, 0.5, 0.25]

/** Losses of probabilities or of rates get outputs in (0, 1). */
const positive = new Set(['BCELoss', 'PoissonNLLLoss'])

describe.each([
  { type: 'CrossEntropyLoss' },
  { type: 'CrossEntropyLoss', weight, labelSmoothing: 0.2, ignoreIndex: 2 },
  { type: 'CrossEntropyLoss', weight, labelSmoothing: 1, reduction: 'sum' },
  { type: 'NLLLoss', weight, ignoreIndex: 3 },
  { type: 'BCEWithLogitsLoss', weight, posWeight: [3, 1, 0, 2] },
  { type: 'BCELoss', weight },
  { type: 'MSELoss' },
  { type: 'L1Loss' },
  { type: 'SmoothL1Loss', beta: 0.7 },
  { type: 'SmoothL1Loss', beta: 0 },
  { type: 'HuberLoss', delta: 0.7 },
  { type: 'KLDivLoss', reduction: 'batchmean' },
  { type: 'KLDivLoss', logTarget: true },
  { type: 'MultiMarginLoss', weight, margin: 0.5 },
  { type: 'MultiMarginLoss', p: 2 },
  { type: 'GaussianNLLLoss', variance: 0.3, full: true },
  { type: 'PoissonNLLLoss', full: true },
  { type: 'PoissonNLLLoss', logInput: false },
])('%j', (document) => {
  const loss = lossOf(lossSchema.parse(document), WIDTH)
  const output = sampleValues(ROWS * WIDTH).map((x) =>
    positive.has(document.type) ? 0.1 + 0.4 * Math.abs(x) : x,
  )

  test('the gradient is the slope of the value', () => {
    const gradient = new Float64Array(ROWS * WIDTH)
    loss.backward(output, labels, ROWS, gradient)
    const slope = numericalGradient(() => loss.forward(output, labels, ROWS), output)
    expect(gradientError(gradient, slope)).toBeLessThan(1e-8)
  })

  test('a batch in pieces adds up to the whole batch', () => {
    const whole = loss.forward(output, labels, ROWS)
    const divisor = loss.divisor(labels, ROWS)
    const pieces = [0, 2].map((first, i) => {
      const rows = [2, 4][i] ?? 0
      const piece: Targets = {
        kind: 'classes',
        labels: Uint8Array.of(0, 3, 1, 2, 2, 0).slice(first, first + rows),
      }
      return loss.forward(output.slice(first * WIDTH), piece, rows, divisor)
    })
    expect(pieces.reduce((a, b) => a + b)).toBeCloseTo(whole, 12)
  })
})

test('logits of a thousand overflow neither value nor gradient', () => {
  const loss = lossOf(lossSchema.parse({ type: 'CrossEntropyLoss' }), 3)
  const output = Float64Array.of(1000, -1000, 0)
  const gradient = new Float64Array(3)
  const wrong: Targets = { kind: 'classes', labels: Uint8Array.of(1) }
  loss.backward(output, wrong, 1, gradient)
  expect(loss.forward(output, wrong, 1)).toBe(2000)
  expect([...gradient]).toEqual([1, -1, 0])
})

test('a batch whose labels are all ignored has no mean, as in torch', () => {
  const loss = lossOf(lossSchema.parse({ type: 'CrossEntropyLoss', ignoreIndex: 0 }), 3)
  const ignored: Targets = { kind: 'classes', labels: Uint8Array.of(0) }
  expect(loss.forward(Float64Array.of(1, 2, 3), ignored, 1)).toBeNaN()
})

test('a class weight too few, a label too large and dense targets for NLLLoss are refused', () => {
  const spec = lossSchema.parse({ type: 'NLLLoss', weight: [1, 2] })
  expect(() => lossOf(spec, 3)).toThrow(ShapeError)
  const loss = lossOf(spec, 2)
  const output = Float64Array.of(-1, -2)
  expect(() => loss.forward(output, { kind: 'classes', labels: Uint8Array.of(7) }, 1)).toThrow(
    'expected a label in 0..1 in row 0, got 7',
  )
  expect(() => loss.forward(output, { kind: 'dense', values: output }, 1)).toThrow(TargetError)
})
