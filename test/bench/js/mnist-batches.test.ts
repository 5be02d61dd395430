import { expect, it } from 'vitest'
import { netOf } from '../../../electron/bench/standard-nets'
import { mnistBatches } from './mnist-batches'

it('rows follow the headers of the files, normalised as in training', () => {
  const images = new Uint8Array(16 + 4096 * 784)
  const labels = new Uint8Array(8 + 4096)
  images.fill(200, 0, 16)
  labels.fill(200, 0, 8)
  images[16 + 512 * 784 + 1] = 255
  labels[8 + 512] = 7
  const batches = mnistBatches(images, labels, netOf(4))
  expect(batches).toHaveLength(8)
  const [first, second] = batches
  expect(first?.inputs).toHaveLength(512 * 784)
  expect(first?.inputs[0]).toBeCloseTo(-0.4242, 4)
  expect(first?.labels.every((label) => label === 0)).toBe(true)
  expect(second?.inputs[0]).toBeCloseTo(-0.4242, 4)
  expect(second?.inputs[1]).toBeCloseTo(2.8215, 4)
  expect(second?.labels[0]).toBe(7)
})
