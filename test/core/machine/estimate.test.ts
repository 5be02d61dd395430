import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  estimateEpoch,
  estimateMemory,
  flopsPerImage,
  roofline,
  weightCount,
  type DeviceRates,
  type TrainingShape,
} from '#core/machine/estimate'

/** The starter: 784-128-10, ReLU, Adam, batch 64, MNIST as bytes. */
const starter: TrainingShape = {
  widths: [784, 128, 10],
  parameters: 101_770,
  activations: 128 + 128 + 10,
  batchSize: 64,
  images: 60_000,
  slotsPerParameter: 2,
  bytesPerValue: 4,
  datasetBytes: 60_000 * 784,
}
const desktop: DeviceRates = {
  gflops: 100,
  bandwidth: 20,
  cacheBytes: 16 * 1024 ** 2,
  cacheBandwidth: 60,
  stepOverhead: 20e-6,
}

describe('memory', () => {
  test('of the starter with Adam, part by part', () => {
    const memory = estimateMemory(starter)
    expect(memory.parameters).toBe(407_080)
    expect(memory.gradients).toBe(407_080)
    expect(memory.optimizerState).toBe(814_160)
    expect(memory.activations).toBe(64 * (784 + 2 * 266) * 4)
    expect(memory.dataset).toBe(47_040_000)
    expect(memory.total).toBe(407_080 * 4 + 336_896 + 47_040_000)
  })
  test('plain SGD keeps no state', () => {
    expect(estimateMemory({ ...starter, slotsPerParameter: 0 }).optimizerState).toBe(0)
  })
})

test('weights and operations of an image', () => {
  expect(weightCount([784, 128, 10])).toBe(101_632)
  expect(flopsPerImage([784, 128, 10])).toBe(4 * 784 * 128 + 6 * 1280)
  expect(flopsPerImage([784, 10])).toBe(4 * 7840)
})

describe('an epoch', () => {
  test('counts the last, smaller batch as a step', () => {
    expect(estimateEpoch(starter, desktop).steps).toBe(938)
    expect(estimateEpoch({ ...starter, batchSize: 60_000 }, desktop).steps).toBe(1)
    expect(estimateEpoch({ ...starter, batchSize: 1e9 }, desktop).steps).toBe(1)
  })
  test('of a wide net with large batches is bound by arithmetic', () => {
    const wide = {
      ...starter,
      widths: [784, 2048, 2048, 10],
      parameters: 5_824_522,
      activations: 8202,
      batchSize: 512,
    }
    const estimate = estimateEpoch(wide, desktop)
    expect(estimate.bound).toBe('compute')
    expect(estimate.seconds).toBeGreaterThan(estimate.flops / 100e9)
  })
  test('of a small net on a fast device is bound by the overhead of its steps', () => {
    const gpu = { ...desktop, gflops: 20_000, bandwidth: 900, cacheBytes: 0, stepOverhead: 200e-6 }
    expect(estimateEpoch(starter, gpu).bound).toBe('overhead')
  })
  test('with one image a step is bound by moving the weights', () => {
    expect(estimateEpoch({ ...starter, batchSize: 1 }, desktop).bound).toBe('memory')
  })
  test('takes less time on a device that is better in anything', () => {
    const factor = fc.double({ min: 1, max: 100, noNaN: true })
    const width = fc.integer({ min: 1, max: 4096 })
    fc.assert(
      fc.property(
        width,
        fc.integer({ min: 1, max: 4096 }),
        factor,
        factor,
        (h, batchSize, a, b) => {
          const shape = { ...starter, widths: [784, h, 10], parameters: 795 * h + 10, batchSize }
          const better = { ...desktop, gflops: 100 * a, bandwidth: 20 * b, cacheBandwidth: 60 * b }
          const { seconds } = estimateEpoch(shape, desktop)
          expect(estimateEpoch(shape, better).seconds).toBeLessThanOrEqual(seconds * (1 + 1e-12))
          expect(seconds).toBeGreaterThan(0)
        },
      ),
    )
  })
})

test('the roofline rises with intensity until arithmetic limits it', () => {
  expect(roofline(desktop, 1)).toBe(20)
  expect(roofline(desktop, 50)).toBe(100)
})
