import type { GpuKind, GpuReport } from '#core/machine/report'
import type { Evidence } from '#core/machine/evidence'
import { vendorByPciId } from '#core/machine/gpu-identity'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { completeText } from './lines'

const leaf = leavesFrom('vulkaninfo')

const KINDS: Readonly<Record<string, GpuKind>> = {
  PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: 'discrete',
  PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU: 'integrated',
  PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: 'virtual',
  PHYSICAL_DEVICE_TYPE_CPU: 'software',
}

/** Parses `vulkaninfo --summary`: "GPU0:" blocks of "key = value". Null without such a block. */
export function parseVulkaninfo(stdout: string): Evidence | null {
  const blocks = completeText(stdout)
    .split(/^GPU\d+:\s*$/m)
    .slice(1)
  const gpus = blocks.flatMap((block): readonly Part<GpuReport>[] => {
    const get = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*(.+?)\\s*$`, 'm').exec(block)?.[1]
    const name = get('deviceName')
    if (name === undefined) return []
    const vendorId = /^0x([0-9a-f]{4})$/i.exec(get('vendorID') ?? '')?.[1]
    const deviceId = /^0x([0-9a-f]{4})$/i.exec(get('deviceID') ?? '')?.[1]
    const version = /(\d+\.\d+)\.\d+/.exec(get('apiVersion') ?? '')?.[1]
    const kind = KINDS[get('deviceType') ?? '']
    return [
      {
        name: leaf(name, null, 'deviceName'),
        ...(vendorId === undefined
          ? {}
          : { vendor: leaf(vendorByPciId(vendorId), null, 'vendorID') }),
        ...(vendorId === undefined || deviceId === undefined
          ? {}
          : { pciId: leaf(`${vendorId}:${deviceId}`.toLowerCase(), null, 'vendorID, deviceID') }),
        ...(kind === undefined ? {} : { kind: leaf(kind, null, 'deviceType', 'inferred') }),
        ...(version === undefined ? {} : { apis: leaf([`Vulkan ${version}`], null, 'apiVersion') }),
      },
    ]
  })
  return gpus.length === 0 ? null : { gpus }
}
