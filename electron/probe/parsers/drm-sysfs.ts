import type { GpuReport } from '#core/machine/report'
import { pciAddress, vendorByPciId, VIRTUAL_VENDORS } from '#core/machine/gpu-identity'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { parseNumber, parsePositive } from './numbers'
import { parsePpDpm } from './pp-dpm'

/** Files worth reading below /sys/bus/pci/devices/<address>. */
export const DEVICE_FILES = [
  'class',
  'vendor',
  'device',
  'revision',
  'product_name',
  'max_link_speed',
  'max_link_width',
  'mem_info_vram_total',
  'mem_info_vram_used',
  'mem_info_gtt_total',
  'pp_dpm_mclk',
  'pp_dpm_sclk',
  'gpu_busy_percent',
  'physical_vram_size_bytes',
  'lmem_total_bytes',
] as const

export interface DeviceFiles {
  /** The PCI address, e.g. '0000:03:00.0'. */
  readonly address: string
  /** The kernel driver bound to it, e.g. 'amdgpu', 'xe', 'i915', 'nvidia'; null without one. */
  readonly driver: string | null
  /** By name in DEVICE_FILES. xe's and i915's memory sizes lie deeper: the runner brings them here. */
  readonly files: Readonly<Partial<Record<(typeof DEVICE_FILES)[number], string>>>
  /** /usr/share/libdrm/amdgpu.ids, where there is one. */
  readonly amdgpuIds?: string
}

const leaf = leavesFrom('sysfs')
const amdgpu = leavesFrom('amdgpu sysfs')
const intel = leavesFrom('Intel sysfs')

/**
 * One card as the Linux kernel shows it. Null when the device is no display or 3D controller.
 *
 * The PCI memory region is deliberately not used for the memory size: it is the window, not the memory.
 */
export function parseDrmDevice(device: DeviceFiles): Part<GpuReport> | null {
  const { files, driver } = device
  const id = pciAddress(device.address)
  const vendorId = hex(files.vendor)
  const deviceId = hex(files.device)
  if (id === null || vendorId === null || deviceId === null) return null
  if (!/^0x03[0-9a-f]{4}$/i.test(files.class?.trim() ?? '')) return null
  return {
    id: leaf(id, null, 'the PCI address'),
    vendor: leaf(vendorByPciId(vendorId), null, `PCI vendor ${vendorId}`),
    pciId: leaf(`${vendorId}:${deviceId}`, null, 'vendor and device'),
    ...(VIRTUAL_VENDORS.has(vendorId)
      ? { kind: leaf('virtual', null, `PCI vendor ${vendorId} is a virtual display`) }
      : {}),
    ...(driver === null ? {} : { driver: leaf(driver, null, 'the kernel driver') }),
    pcieGeneration: leaf(generationOf(files.max_link_speed), null, 'max_link_speed'),
    pcieWidth: leaf(lanesOf(files.max_link_width), 'lanes', 'max_link_width'),
    ...(driver === 'amdgpu' ? amdgpuLeaves(device, vendorId, deviceId) : {}),
    ...(driver === 'xe' || driver === 'i915' ? intelLeaves(files) : {}),
  }
}

function amdgpuLeaves(device: DeviceFiles, vendorId: string, deviceId: string): Part<GpuReport> {
  const { files } = device
  const memory = parsePpDpm(files.pp_dpm_mclk ?? '')
  const core = parsePpDpm(files.pp_dpm_sclk ?? '')
  const revision = hex(files.revision)
  const name =
    files.product_name?.trim() ||
    (vendorId === '1002' ? amdName(device.amdgpuIds ?? '', deviceId, revision) : null)
  return {
    ...(name === null ? {} : { name: amdgpu(name, null, 'product_name or amdgpu.ids') }),
    memoryTotal: amdgpu(parsePositive(files.mem_info_vram_total), 'bytes', 'mem_info_vram_total'),
    memoryUsed: amdgpu(parseNumber(files.mem_info_vram_used), 'bytes', 'mem_info_vram_used'),
    memoryShared: amdgpu(
      parsePositive(files.mem_info_gtt_total),
      'bytes',
      'mem_info_gtt_total: system memory it may use',
    ),
    memoryClock: amdgpu(memory.now, 'MHz', 'pp_dpm_mclk, the starred level'),
    memoryClockMax: amdgpu(memory.max, 'MHz', 'pp_dpm_mclk, the highest level'),
    coreClock: amdgpu(core.now, 'MHz', 'pp_dpm_sclk, the starred level'),
    coreClockMax: amdgpu(core.max, 'MHz', 'pp_dpm_sclk, the highest level'),
    utilization: amdgpu(parseNumber(files.gpu_busy_percent), '%', 'gpu_busy_percent'),
  }
}

/** Only discrete Intel cards have local memory, and only newer kernels tell its size. */
function intelLeaves(files: DeviceFiles['files']): Part<GpuReport> {
  const xe = parsePositive(files.physical_vram_size_bytes)
  const i915 = parsePositive(files.lmem_total_bytes)
  if (xe !== null) return { memoryTotal: intel(xe, 'bytes', 'physical_vram_size_bytes') }
  return i915 === null ? {} : { memoryTotal: intel(i915, 'bytes', 'lmem_total_bytes') }
}

/** A line of amdgpu.ids: "744C,\tC8,\tAMD Radeon RX 7900 XTX". The revision tells variants apart. */
function amdName(ids: string, deviceId: string, revision: string | null): string | null {
  for (const line of ids.split('\n')) {
    const [device, rev, ...name] = line.split(',').map((cell) => cell.trim())
    if (device?.toLowerCase() !== deviceId || revision === null) continue
    if (rev?.toLowerCase().padStart(4, '0') === revision) return name.join(', ') || null
  }
  return null
}

/** '0x10de' or '0xc8' -> '10de', '00c8'. */
function hex(text: string | undefined): string | null {
  const digits = /^0x([0-9a-f]{1,4})$/i.exec(text?.trim() ?? '')?.[1]
  return digits === undefined ? null : digits.toLowerCase().padStart(4, '0')
}

const GENERATIONS: Readonly<Record<string, number>> = {
  '2.5': 1,
  '5.0': 2,
  '8.0': 3,
  '16.0': 4,
  '32.0': 5,
  '64.0': 6,
}

/** '16.0 GT/s PCIe' -> 4. */
function generationOf(text: string | undefined): number | null {
  const speed = /^(\d+(?:\.\d)?) GT\/s/.exec(text?.trim() ?? '')?.[1]
  if (speed === undefined) return null
  return GENERATIONS[speed.includes('.') ? speed : `${speed}.0`] ?? null
}

/** 255 stands for "not known". */
function lanesOf(text: string | undefined): number | null {
  const lanes = parsePositive(text)
  return lanes !== null && [1, 2, 4, 8, 12, 16, 32].includes(lanes) ? lanes : null
}
