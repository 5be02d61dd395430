import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitStepCosts, nonNegativeLeastSquares } from '#core/machine/fit-step-costs'
import { baseSeconds, predictStep, stepsPerEpoch, type StepCosts } from '#core/machine/step-time'
import { trainingShape, type TrainingShape } from '#core/machine/training-shape'
import { runSpecSchema, type RunSpecInput } from '#core/spec/run-spec'

function shapeOf(spec: Omit<RunSpecInput, 'version'>): TrainingShape {
  const shape = trainingShape(runSpecSchema.parse({ version: 1, ...spec }))
  if (shape === null) throw new Error('the layers do not fit')
  return shape
}

function plain(widths: readonly number[], batchSize: number): TrainingShape {
  const layers = widths.map((outFeatures) => ({ type: 'Linear' as const, outFeatures }))
  return shapeOf({ model: { layers }, optimizer: { type: 'SGD' }, training: { batchSize } })
}

/** A made-up machine. */
const costs: StepCosts = {
  step: 2e-5,
  layer: 5e-6,
  firstWeight: 1e-10,
  weight: 3e-10,
  firstProduct: 2e-11,
  product: 9e-11,
  output: 4e-9,
}
const nets = [
  plain([16, 16, 16, 10], 8),
  plain([32, 10], 64),
  plain([128, 10], 64),
  plain([512, 10], 64),
  plain([256, 10], 512),
  plain([64, 512, 512, 10], 64),
  plain([64, 512, 512, 10], 512),
  plain([1024, 1024, 10], 128),
]

describe('the shape of a run', () => {
  test('lists products, and what stands between them as one', () => {
    const shape = shapeOf({
      model: {
        layers: [
          { type: 'Linear', outFeatures: 32 },
          { type: 'ReLU' },
          { type: 'Residual', layers: [{ type: 'Linear', outFeatures: 32 }, { type: 'GELU' }] },
          { type: 'BatchNorm1d' },
          { type: 'Dropout' },
          { type: 'Linear', outFeatures: 10 },
        ],
      },
      training: { batchSize: 20 },
      dataset: { trainSize: 1000, valSize: 100, augment: { shift: 2 } },
      loss: { type: 'MSELoss' },
    })
    expect(shape.products).toEqual([
      { inFeatures: 784, outFeatures: 32, first: true },
      { inFeatures: 32, outFeatures: 32, first: false },
      { inFeatures: 32, outFeatures: 10, first: false },
    ])
    const units = Object.fromEntries(shape.extras.map((extra) => [extra.key, extra.units]))
    expect(units).toMatchObject({
      Residual: 640,
      GELU: 640,
      'BatchNorm1d Dropout': 640,
      'update Adam': shape.parameters,
      'loss MSELoss': 20,
    })
    expect(stepsPerEpoch(shape)).toBe(45)
  })

  test('is none where layers do not fit each other', () => {
    const layers = [{ type: 'Linear' as const, outFeatures: 5 }, { type: 'GLU' as const }]
    expect(trainingShape(runSpecSchema.parse({ version: 1, model: { layers } }))).toBeNull()
  })
})

test('the costs of a machine are found from its timings, and predict a net that was not timed', () => {
  const timed = nets.map((shape) => ({ shape, seconds: baseSeconds(costs, shape) }))
  const found = fitStepCosts(timed)
  const other = plain([300, 200, 10], 100)
  expect(baseSeconds(found, other) / baseSeconds(costs, other)).toBeCloseTo(1, 2)
})

test('timings that are 10 % off make predictions that are little more than 10 % off', () => {
  const disturbed = nets.map((shape, i) => ({
    shape,
    seconds: baseSeconds(costs, shape) * (i % 2 === 0 ? 1.1 : 0.9),
  }))
  const found = fitStepCosts(disturbed)
  for (const shape of [plain([300, 200, 10], 100), plain([2048, 2048, 10], 512)]) {
    const ratio = baseSeconds(found, shape) / baseSeconds(costs, shape)
    expect(ratio).toBeGreaterThan(1 / 1.3)
    expect(ratio).toBeLessThan(1.3)
  }
})

test('a prediction names what nobody measured', () => {
  const shape = shapeOf({
    model: {
      layers: [
        { type: 'Linear', outFeatures: 32 },
        { type: 'Mish' },
        { type: 'Linear', outFeatures: 10 },
      ],
    },
  })
  expect(predictStep({ costs, extras: { 'update Adam': 1e-9 } }, shape)).toEqual({
    known: false,
    missing: ['Mish'],
  })
  const extras = { 'update Adam': 1e-9, Mish: 1e-8 }
  expect(predictStep({ costs, extras }, shape)).toMatchObject({
    known: true,
    seconds: baseSeconds(costs, shape) + 1e-9 * shape.parameters + 1e-8 * 64 * 32,
  })
})

test('least squares without negative unknowns: no small change does better', () => {
  const entry = fc.double({ min: 0, max: 1, noNaN: true })
  const problem = fc.record({
    rows: fc.array(fc.tuple(entry, entry, entry), { minLength: 3, maxLength: 6 }),
    targets: fc.array(entry, { minLength: 6, maxLength: 6 }),
  })
  // Its factor would be no finite number.
  const none: [number, number, number] = [0, 0, 0]
  const shortColumn = {
    rows: [none.with(2, 5e-324) as typeof none, none, none],
    targets: [1, 0, 0, 0, 0, 0],
  }
  fc.assert(
    fc.property(problem, ({ rows, targets }) => {
      const error = (x: readonly number[]) =>
        rows.reduce((sum, row, i) => {
          const value = row.reduce((dot, a, j) => dot + a * (x[j] ?? 0), 0)
          return sum + (value - (targets[i] ?? 0)) ** 2
        }, 0)
      const x = nonNegativeLeastSquares(rows, targets.slice(0, rows.length))
      expect(Math.min(...x)).toBeGreaterThanOrEqual(0)
      x.forEach((value, j) => {
        for (const change of [-1e-3, 1e-3]) {
          const moved = x.map((other, k) => (k === j ? Math.max(0, value + change) : other))
          expect(error(moved)).toBeGreaterThanOrEqual(error(x) - 1e-6)
        }
      })
    }),
    { examples: [[shortColumn]] },
  )
})
