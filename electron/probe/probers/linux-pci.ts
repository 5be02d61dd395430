import { fail, ok } from '#core/tensor/result'
import type { Host } from '../host'
import type { Prober } from '../prober'
import { DEVICE_FILES, parseDrmDevice, type DeviceFiles } from '../parsers/drm-sysfs'

const DEVICES = '/sys/bus/pci/devices'

/** Every display and 3D controller on the PCI bus, with what its kernel driver tells about it. */
export const linuxPci: Prober = {
  name: 'PCI sysfs',
  platforms: ['linux'],
  async probe(host) {
    const addresses = await host.list(DEVICES)
    if (addresses.length === 0) return fail({ reason: 'missing', detail: `${DEVICES} is empty` })
    const ids = await textOf(host, '/usr/share/libdrm/amdgpu.ids')
    const gpus = await Promise.all(
      addresses.map(async (address) => {
        const deviceClass = await textOf(host, `${DEVICES}/${address}/class`)
        if (deviceClass?.startsWith('0x03') !== true) return null
        const device = await readDevice(host, address)
        return parseDrmDevice({ ...device, ...(ids === undefined ? {} : { amdgpuIds: ids }) })
      }),
    )
    return ok({ gpus: gpus.filter((gpu) => gpu !== null) })
  },
}

async function readDevice(host: Host, address: string): Promise<DeviceFiles> {
  const folder = `${DEVICES}/${address}`
  const driverPath = await host.resolve(`${folder}/driver`)
  const entries = await Promise.all(
    DEVICE_FILES.map(async (name) => [name, await findFile(host, folder, name)] as const),
  )
  return {
    address,
    driver: driverPath?.split('/').at(-1) ?? null,
    files: Object.fromEntries(entries.filter(([, text]) => text !== undefined)),
  }
}

/** xe puts the memory size below tileN/, i915 below drm/cardN/; of several tiles the first is read. */
async function findFile(
  host: Host,
  folder: string,
  name: (typeof DEVICE_FILES)[number],
): Promise<string | undefined> {
  if (name === 'physical_vram_size_bytes') return textOf(host, `${folder}/tile0/${name}`)
  if (name !== 'lmem_total_bytes') return textOf(host, `${folder}/${name}`)
  const card = (await host.list(`${folder}/drm`)).find((entry) => /^card\d+$/.test(entry))
  return card === undefined ? undefined : textOf(host, `${folder}/drm/${card}/${name}`)
}

async function textOf(host: Host, path: string): Promise<string | undefined> {
  const reading = await host.readText(path)
  return reading.ok ? reading.value : undefined
}
