import { deviceProblem } from '#core/backend/device-problem'
import { otherAdapter, plainAdapter, type PowerPreference } from '#core/backend/webgpu/adapters'
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
  /** As it goes over a port; the backend adds its own words. */
  readonly info: Omit<GpuInfo, 'description'>
}

/** An adapter, and a device with all that it offers. `gpu` is undefined where this Chromium has no WebGPU. */
export async function openGpu(
  gpu: GPU | undefined,
  preference: PowerPreference,
): Promise<Result<OpenGpu, string>> {
  if (gpu === undefined) return fail(deviceProblem('noWebgpu', {}))
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: preference })
    if (adapter === null) return fail(deviceProblem('noChromiumAdapter', {}))
    const other = await otherAdapter(gpu, adapter, preference)
    const device = await adapter.requestDevice(deviceDescriptor(adapter))
    const info = {
      ...infoOf(adapter),
      ...(other === null
        ? {}
        : { other: { powerPreference: other.preference, ...infoOf(other.adapter) } }),
    }
    return ok({ device, description: describeAdapter(adapter), info })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail(deviceProblem('notOpened', { reason }))
  }
}

function infoOf(adapter: GPUAdapter): Omit<GpuInfo, 'description' | 'other'> {
  const { vendor, architecture, description, isSoftware } = describeAdapter(adapter)
  return {
    name: description || `${vendor} ${architecture}`.trim(),
    software: isSoftware,
    adapter: plainAdapter(adapter),
  }
}
