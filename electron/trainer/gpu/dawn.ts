import { deviceProblem } from '#core/backend/device-problem'
import {
  otherAdapter,
  plainAdapter,
  TRAINS,
  type PowerPreference,
} from '#core/backend/webgpu/adapters'
import { describeAdapter, deviceDescriptor } from '#core/backend/webgpu/webgpu-options'
import type { AdapterDescription } from '#core/backend/webgpu/webgpu-options'
import type { GpuInfo } from '#core/contract/gpu-host'
import { fail, ok, type Result } from '#core/tensor/result'
import { hasVulkanDriver } from './vulkan-drivers'
import { loadVulkan } from './vulkan-loader'

export interface DawnDevice {
  readonly device: GPUDevice
  readonly description: AdapterDescription
  readonly info: Omit<GpuInfo, 'description'>
}

/** Where Dawn lives on: without its instance the process would crash or hang. */
const kept: GPU[] = []

/**
 * A device of this machine's GPU through the npm package webgpu (Dawn). The reason says why there is none. A software
 * adapter only where VK_DRIVER_FILES names its driver: it is slower than the CPU backend, and nobody gets it by accident.
 */
export async function openDawn(
  preference: PowerPreference = TRAINS,
): Promise<Result<DawnDevice, string>> {
  // V8's sandbox makes Dawn abort the process, which nothing could catch.
  if ('electron' in process.versions) return fail(deviceProblem('inElectron', {}))
  const missing = loadVulkan()
  if (missing !== null) return fail(missing)
  if (process.platform === 'linux' && !hasVulkanDriver()) return fail(NO_ADAPTER)
  const instance = await createInstance()
  if (!instance.ok) return instance
  kept.push(instance.value)
  const adapter = await instance.value.requestAdapter({ powerPreference: preference })
  if (adapter === null) return fail(NO_ADAPTER)
  const description = describeAdapter(adapter)
  const name = nameOf(description)
  if (description.isSoftware && !namesDriver()) return fail(deviceProblem('onlySoftware', { name }))
  try {
    const other = await otherAdapter(instance.value, adapter, preference)
    const device = await adapter.requestDevice(deviceDescriptor(adapter))
    const info = {
      ...infoOf(adapter),
      ...(other === null
        ? {}
        : { other: { powerPreference: other.preference, ...infoOf(other.adapter) } }),
    }
    return ok({ device, description, info })
  } catch (error) {
    return fail(deviceProblem('noDevice', { name, reason: messageOf(error) }))
  }
}

const NO_ADAPTER = deviceProblem(process.platform === 'linux' ? 'noVulkanDriver' : 'noAdapter', {})

/** GRADIENT_WORKBENCH_DAWN: options of the package, ";" between them, such as "adapter=NVIDIA H200". */
async function createInstance(): Promise<Result<GPU, string>> {
  const options = (process.env['GRADIENT_WORKBENCH_DAWN'] ?? '').split(';').filter(Boolean)
  try {
    const { create, globals } = await import('webgpu')
    Object.assign(globalThis, globals)
    return ok(create(options))
  } catch (error) {
    return fail(deviceProblem('noPackage', { reason: messageOf(error) }))
  }
}

function namesDriver(): boolean {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES } = process.env
  return (VK_DRIVER_FILES ?? VK_ICD_FILENAMES ?? '') !== ''
}

/** Dawn puts the card's name into `device`, with "-" for blanks, and the driver into `description`. */
function nameOf({ vendor, architecture, device, description }: AdapterDescription): string {
  const card = device.replaceAll('-', ' ').trim()
  const name = card === '' ? `${vendor} ${architecture}`.trim() : card
  return description === '' ? name : `${name} (${description})`
}

function infoOf(adapter: GPUAdapter): Omit<GpuInfo, 'description' | 'other'> {
  const description = describeAdapter(adapter)
  return {
    name: nameOf(description),
    software: description.isSoftware,
    adapter: plainAdapter(adapter),
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
