import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/**
 * Whether any Vulkan driver announces itself, in the folders where the loader looks (Vulkan-Loader's
 * LoaderInterfaceArchitecture.md, "Driver Discovery on Linux"). Where none does, Dawn need not be asked: it would find no
 * adapter either, and complain of it on stderr.
 */
export function hasVulkanDriver(): boolean {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES, VK_ADD_DRIVER_FILES } = process.env
  const named = [VK_DRIVER_FILES, VK_ICD_FILENAMES, VK_ADD_DRIVER_FILES]
  return named.some((files) => (files ?? '') !== '') || folders().some(holdsDriver)
}

function folders(): readonly string[] {
  const { XDG_CONFIG_HOME, XDG_CONFIG_DIRS, XDG_DATA_HOME, XDG_DATA_DIRS } = process.env
  const bases = [
    XDG_CONFIG_HOME ?? join(homedir(), '.config'),
    ...(XDG_CONFIG_DIRS ?? '/etc/xdg').split(delimiter),
    '/usr/local/etc',
    '/etc',
    XDG_DATA_HOME ?? join(homedir(), '.local', 'share'),
    ...(XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(delimiter),
  ]
  return bases.filter((base) => base !== '').map((base) => join(base, 'vulkan', 'icd.d'))
}

function holdsDriver(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.endsWith('.json'))
  } catch {
    return false
  }
}
