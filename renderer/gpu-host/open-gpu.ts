import { deviceProblem } from '#core/backend/device-problem'
import {
  describeAdapter,
  deviceDescriptor,
  type AdapterDescription,
} from '#core/backend/webgpu/webgpu-options'
import type { GpuInfo } from '#core/contract/gpu-host'
import { fail, ok, type Result } from '#core/tensor/result'

interface OpenGpu {
  readonly device: GPUDevice
  readonly description: AdapterDescription
  /** As it goes over a port. */
  readonly adapter: GpuInfo['adapter']
}

/** The fastest adapter, and a device with all that it offers. `gpu` is undefined where this Chromium has no WebGPU. */
export async function openGpu(gpu: GPU | undefined): Promise<Result<OpenGpu, string>> {
  if (gpu === undefined) return fail(deviceProblem('noWebgpu', {}))
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (adapter === null) return fail(deviceProblem('noChromiumAdapter', {}))
    const device = await adapter.requestDevice(deviceDescriptor(adapter))
    return ok({ device, description: describeAdapter(adapter), adapter: plainAdapter(adapter) })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail(deviceProblem('notOpened', { reason }))
  }
}

/** Ports carry no GPUAdapter. */
function plainAdapter({ info, limits, features }: GPUAdapter): GpuInfo['adapter'] {
  return {
    info: {
      vendor: info.vendor,
      architecture: info.architecture,
      device: info.device,
      description: info.description,
      isFallbackAdapter: info.isFallbackAdapter,
    },
    limits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    },
    features: [...features].sort(),
  }
}
