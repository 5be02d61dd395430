import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { deviceProblem } from '#core/backend/device-problem'

const NAME = 'libvulkan.so.1'

/** glibc's and musl's RTLD_NODELETE: the library stays although Node closes it again, since it is no addon. */
const STAY = 0x1000

/**
 * On Linux, Dawn asks the dynamic linker for libvulkan.so.1 and gives up where no package installed it. Containers and
 * servers often have a GPU driver and a browser, and no loader of their own: the browser's will do, as soon as it is
 * in the process. GRADIENT_WORKBENCH_VULKAN names another one. Returns null, or what is missing, for a person.
 */
export function loadVulkan(): string | null {
  if (process.platform !== 'linux') return null
  const asked = process.env['GRADIENT_WORKBENCH_VULKAN']
  const places = asked === undefined || asked === '' ? [NAME, ...usualPlaces()] : [asked]
  if (places.some(load)) return null
  return asked === undefined || asked === ''
    ? deviceProblem('noVulkanLoader', { file: NAME })
    : deviceProblem('badVulkanLoader', { file: asked })
}

function usualPlaces(): readonly string[] {
  return [
    ...electronFolder(),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
    '/opt/microsoft/msedge',
  ].map((folder) => join(folder, NAME))
}

/** Electron brings a loader of its own, where its binary was downloaded. */
function electronFolder(): readonly string[] {
  try {
    const manifest = createRequire(import.meta.url).resolve('electron/package.json')
    return [join(dirname(manifest), 'dist')]
  } catch {
    return []
  }
}

function load(path: string): boolean {
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_LAZY | STAY)
    return true
  } catch (error) {
    // It is loaded and stays; that it is no addon is what Node complains about.
    return error instanceof Error && error.message.includes('self-register')
  }
}
