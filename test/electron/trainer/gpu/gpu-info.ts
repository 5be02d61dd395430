import type { GpuInfo } from '#core/contract/gpu-host'

/** A card that no machine has. */
export const gpuInfo: GpuInfo = {
  description: 'WebGPU on a card',
  name: 'a card',
  software: false,
  adapter: {
    info: { vendor: 'v', architecture: 'a', device: '', description: '', isFallbackAdapter: false },
    limits: {
      maxBufferSize: 1,
      maxStorageBufferBindingSize: 1,
      maxStorageBuffersPerShaderStage: 10,
      maxComputeInvocationsPerWorkgroup: 256,
      maxComputeWorkgroupStorageSize: 1,
      maxComputeWorkgroupsPerDimension: 1,
    },
    features: [],
  },
}
