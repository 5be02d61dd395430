import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'

const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json'

/**
 * What the environment of a process must hold so that it finds Chromium's software GPU; null, after saying why, where
 * there is none. Its Vulkan loader lies beside it.
 */
export function softwareGpu(): Readonly<Record<string, string>> | null {
  if (existsSync(DRIVER))
    return {
      VK_DRIVER_FILES: DRIVER,
      XDG_RUNTIME_DIR: tmpdir(),
      // Zeroing the memory of workgroups makes pipelines take seconds there.
      GRADIENT_WORKBENCH_DAWN: 'enable-dawn-features=disable_workgroup_init',
    }
  console.warn(
    `tests on the GPU are skipped: there is no software GPU in ${DRIVER} (apt-get install chromium)`,
  )
  return null
}

/** A driver that is not there, whatever this machine has. */
export const noGpu = { VK_DRIVER_FILES: '/nonexistent/driver.json' }
