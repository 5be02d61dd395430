import { existsSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { create, globals } from 'webgpu'
import {
  type AdapterDescription,
  describeAdapter,
  deviceDescriptor,
} from '#core/backend/webgpu/webgpu-options'
import { loadVulkan } from '../../../electron/trainer/gpu/vulkan-loader'

/** Where Debian's chromium package keeps its software GPU and the loader that finds it. */
const CHROMIUM = '/usr/lib/chromium'

/** Resident even though Node closes the library again, since it is no addon (glibc's RTLD_NODELETE). */
const STAY = 0x1000

export interface TestAdapter {
  readonly description: AdapterDescription
  /** A device of its own; keep it no longer than the test. */
  createDevice(): Promise<GPUDevice>
}

/** A real adapter, else Chromium's SwiftShader, else null and the reason on the console. */
export async function findTestAdapter(): Promise<TestAdapter | null> {
  Object.assign(globalThis, globals)
  // Servers have a driver and often no loader of their own.
  loadVulkan()
  const adapter = (await request()) ?? (await requestSwiftShader())
  if (adapter === null) {
    console.warn(
      `the WebGPU tests are skipped: Dawn finds no adapter, neither a GPU's nor SwiftShader in ${CHROMIUM} (apt-get install chromium)`,
    )
    return null
  }
  return {
    description: describeAdapter(adapter),
    createDevice: async () => {
      // An adapter gives one device only.
      const fresh = await request()
      if (fresh === null) throw new Error('the adapter is gone')
      return fresh.requestDevice(deviceDescriptor(fresh))
    },
  }
}

/** The same as `navigator.gpu`; null, and the reason on the console, where there is no adapter. */
export async function findTestGpu(): Promise<GPU | null> {
  return (await findTestAdapter()) === null ? null : (kept.at(-1) ?? null)
}

/** Dawn crashes when the object that `create` returns is collected. */
const kept: GPU[] = []

function open(): GPU {
  // Zeroing the memory of workgroups makes pipelines take seconds on SwiftShader; the kernels do not rely on it.
  const gpu = create(['enable-dawn-features=disable_workgroup_init'])
  kept.push(gpu)
  return gpu
}

function request(): Promise<GPUAdapter | null> {
  const gpu = kept.at(-1) ?? open()
  return gpu.requestAdapter({ powerPreference: 'high-performance' })
}

async function requestSwiftShader(): Promise<GPUAdapter | null> {
  const driver = `${CHROMIUM}/vk_swiftshader_icd.json`
  const loader = `${CHROMIUM}/libvulkan.so.1`
  if (!existsSync(driver) || !existsSync(loader)) return null
  process.env['XDG_RUNTIME_DIR'] ??= tmpdir()
  process.env['VK_DRIVER_FILES'] = driver
  try {
    process.dlopen({ exports: {} }, loader, constants.dlopen.RTLD_NOW | STAY)
  } catch {
    // What remains is a loaded library that Dawn finds by its name.
  }
  open()
  return request()
}
