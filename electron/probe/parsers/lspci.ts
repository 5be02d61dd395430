import type { GpuReport } from '#core/machine/report'
import { pciAddress, vendorByPciId, VIRTUAL_VENDORS } from '#core/machine/gpu-identity'
import type { Evidence } from '#core/machine/evidence'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { completeLines } from './lines'

const leaf = leavesFrom('lspci')

/**
 * Parses `lspci -D -nn -mm`: address, then quoted class, vendor and device, each with its number in brackets, e.g.
 * 0000:01:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "AD102 [GeForce RTX 4090] [2684]" ...
 * Names only: its memory regions are address windows, not memory sizes. Null when no line has this form.
 */
export function parseLspci(stdout: string): Evidence | null {
  let lines = 0
  const gpus: Part<GpuReport>[] = []
  for (const line of completeLines(stdout)) {
    const parts = LINE.exec(line)
    if (parts === null) continue
    lines++
    const [, address = '', deviceClass = '', vendorName = '', vendorId = '', device = ''] = parts
    const deviceId = parts[6] ?? ''
    const id = pciAddress(address)
    if (id === null || !deviceClass.startsWith('03')) continue
    gpus.push({
      id: leaf(id, null, 'the PCI address'),
      name: leaf(nameOf(vendorName, vendorId, device), null, 'the PCI database'),
      vendor: leaf(vendorByPciId(vendorId), null, `PCI vendor ${vendorId}`),
      pciId: leaf(`${vendorId}:${deviceId}`.toLowerCase(), null, 'vendor and device'),
      ...(VIRTUAL_VENDORS.has(vendorId.toLowerCase())
        ? { kind: leaf('virtual', null, `PCI vendor ${vendorId} is a virtual display`) }
        : {}),
    })
  }
  return lines === 0 ? null : { gpus }
}

const LINE =
  /^([0-9a-f:.]+) "[^"]*\[([0-9a-f]{4})\]" "([^"]*) \[([0-9a-f]{4})\]" "([^"]*) \[([0-9a-f]{4})\]"/i

/** 'AD102 [GeForce RTX 4090]' -> 'NVIDIA GeForce RTX 4090'; without brackets the chip's name stays. */
function nameOf(vendorName: string, vendorId: string, device: string): string | null {
  const plain = /\[([^\]]+)\]$/.exec(device)?.[1] ?? device
  if (/^Device$/i.test(plain)) return null
  return `${vendorByPciId(vendorId) ?? vendorName} ${plain}`
}
