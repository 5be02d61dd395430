import { afterAll, describe, expect, test, vi } from 'vitest'
import { createWebgpuBackend } from '#core/backend/webgpu/webgpu-backend'
import { createTrainer } from '#core/training/trainer'
import { readMnist } from '../../../mnist'
import { blockOf, sessionOf } from '../small-run'
import { specOf } from '../trace'
import { findTestAdapter } from '../webgpu-device'

const adapter = await findTestAdapter()
const device = adapter === null ? null : await adapter.createDevice()
const backend =
  adapter === null || device === null
    ? null
    : await createWebgpuBackend({ device, adapter: adapter.description })

afterAll(() => {
  device?.destroy()
})

/** A multilayer perceptron with so many layers that have weights. */
function perceptron(weightLayers: number) {
  const hidden = Array.from({ length: weightLayers - 1 }, () => [
    { type: 'Linear', outFeatures: 7 },
    { type: 'ReLU' },
  ]).flat()
  return specOf({
    version: 1,
    dataset: { trainSize: 300 },
    model: { inFeatures: 783, layers: [...hidden, { type: 'Linear', outFeatures: 10 }] },
    optimizer: { type: 'Adam' },
    training: { batchSize: 13 },
  })
}

describe.skipIf(backend === null)('training on the GPU', () => {
  // One layer alone: its product with the loss, then the update.
  for (const [weightLayers, expected] of [
    [1, 2],
    [2, 3],
    [3, 5],
    [4, 7],
  ] as const)
    test(`a step of ${weightLayers} weight layers takes ${expected} dispatches`, async () => {
      if (backend === null) throw new Error('no adapter')
      const spec = perceptron(weightLayers)
      const session = await sessionOf(backend, spec)
      const dispatches = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
      try {
        await session.run(blockOf(spec, 0, 6))
        expect(dispatches).toHaveBeenCalledTimes(6 * expected)
      } finally {
        dispatches.mockRestore()
        await session.dispose()
      }
    })

  test('the GPU has the first steps of a block before the others are encoded, and hundreds of steps in few submits', async () => {
    if (adapter === null || device === null) throw new Error('no adapter')
    const spec = perceptron(1)
    const patient = { device, adapter: adapter.description, submitMilliseconds: 60_000 }
    const session = await sessionOf(await createWebgpuBackend(patient), spec)
    const block = blockOf(spec, 0, 400)
    await session.run(block)
    const dispatches = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    const submits = vi.spyOn(GPUQueue.prototype, 'submit')
    try {
      await session.run({ ...block, firstStep: 400 })
      const [begun = 0] = submits.mock.invocationCallOrder
      const before = dispatches.mock.invocationCallOrder.filter((order) => order < begun)
      expect(before.length / 2).toBeLessThanOrEqual(16)
      expect(dispatches).toHaveBeenCalledTimes(400 * 2)
      expect(submits.mock.calls.length).toBeLessThan(12)
    } finally {
      dispatches.mockRestore()
      submits.mockRestore()
      await session.dispose()
    }
  })

  test('the starter net learns real digits', async () => {
    if (backend === null) throw new Error('no adapter')
    const mnist = readMnist()
    const accuracies: number[] = []
    let unseen = 0
    const trainer = await createTrainer({
      spec: specOf({
        version: 1,
        dataset: { trainSize: 1200, valSize: 200 },
        model: {
          layers: [
            { type: 'Linear', outFeatures: 128 },
            { type: 'ReLU' },
            { type: 'Linear', outFeatures: 10 },
          ],
        },
        optimizer: { type: 'Adam', lr: 0.002 },
        training: { epochs: 3, batchSize: 50, seed: 1 },
      }),
      dataset: { ...mnist, test: { ...mnist.test, count: 300 } },
      backend,
      clock: () => performance.now(),
      checkpointMilliseconds: Infinity,
      onEvent: (signal) => {
        if (signal.type === 'epoch') accuracies.push(signal.record.valAccuracy ?? 0)
        if (signal.type === 'test') unseen = signal.record.testAccuracy
      },
    })
    await trainer.run()
    await trainer.dispose()
    expect(accuracies).toHaveLength(3)
    expect(accuracies.at(-1)).toBeGreaterThan(0.8)
    expect(unseen).toBeGreaterThan(0.8)
  })
})
