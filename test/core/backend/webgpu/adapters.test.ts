import { expect, test } from 'vitest'
import { otherAdapter, plainAdapter, TRAINS } from '#core/backend/webgpu/adapters'
import { gpuInfoSchema } from '#core/contract/gpu-host'

/** What an implementation of WebGPU tells of a card. */
function adapter(vendor: string, architecture: string): GPUAdapter {
  const info = { vendor, architecture, device: '', description: '', isFallbackAdapter: false }
  const limits = {
    maxBufferSize: 2 ** 30,
    maxStorageBufferBindingSize: 2 ** 30,
    maxStorageBuffersPerShaderStage: 8,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupStorageSize: 2 ** 14,
    maxComputeWorkgroupsPerDimension: 65_535,
  }
  const features = new Set(['timestamp-query', 'shader-f16'])
  // Only what is read of an adapter.
  return { info, limits, features } as unknown as GPUAdapter
}

/** A machine whose WebGPU gives one adapter for each preference. */
function machineWith(fast: GPUAdapter | null, frugal: GPUAdapter | null): GPU {
  const requestAdapter = (options?: GPURequestAdapterOptions): Promise<GPUAdapter | null> =>
    Promise.resolve(options?.powerPreference === 'low-power' ? frugal : fast)
  return { requestAdapter } as unknown as GPU
}

const card = adapter('nvidia', 'ada-lovelace')
const beside = adapter('intel', 'gen-12lp')

test('of two GPUs the other one is found, whichever was asked for first', async () => {
  const laptop = machineWith(card, beside)
  expect(await otherAdapter(laptop, card, TRAINS)).toEqual({
    adapter: beside,
    preference: 'low-power',
  })
  expect(await otherAdapter(laptop, beside, 'low-power')).toEqual({
    adapter: card,
    preference: 'high-performance',
  })
})

test('one GPU that answers to both preferences is one', async () => {
  const again = adapter('nvidia', 'ada-lovelace')
  expect(await otherAdapter(machineWith(card, again), card, TRAINS)).toBeNull()
  expect(await otherAdapter(machineWith(card, null), card, TRAINS)).toBeNull()
})

test('an adapter goes over a port as it is described in the contract', () => {
  const plain = plainAdapter(card)
  const info = { description: '', name: 'a card', software: false, adapter: plain }
  expect(gpuInfoSchema.parse(structuredClone(info)).adapter).toEqual(plain)
  expect(plain.features).toEqual(['shader-f16', 'timestamp-query'])
})
