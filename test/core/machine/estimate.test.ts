import { expect, test } from 'vitest'
import { bytesPerStep, flopsPerImage, intensityOf, roofline } from '#core/machine/estimate'
import { trainingShape } from '#core/machine/training-shape'
import { presetById } from '#core/spec/presets'
import { runSpecSchema } from '#core/spec/run-spec'

const shape = trainingShape(runSpecSchema.parse(presetById('starter')))
if (shape === null) throw new Error('the starter fits')
/** 784-128-10 with Adam, batch 64. */
const parameters = 784 * 128 + 128 + 1280 + 10

test('operations of an image', () => {
  expect(shape.parameters).toBe(parameters)
  expect(flopsPerImage(shape)).toBe(4 * 784 * 128 + 6 * 1280)
})

test('bytes of a step, and what there is to compute for each', () => {
  const weights = 784 * 128 + 1280
  const bytes = 4 * (3 * weights + 7 * 64 * (128 + 128 + 10)) + 3 * 4 * parameters
  expect(bytesPerStep(shape, 0)).toBe(bytes)
  expect(bytesPerStep(shape, 8 * parameters)).toBe(bytes + 16 * parameters)
  expect(intensityOf(shape, 0)).toBe((64 * flopsPerImage(shape)) / bytes)
})

test('the roofline rises with intensity until arithmetic limits it', () => {
  const desktop = { gflops: 100, bandwidth: 20 }
  expect(roofline(desktop, 1)).toBe(20)
  expect(roofline(desktop, 50)).toBe(100)
})
