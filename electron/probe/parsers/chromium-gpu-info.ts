import type { GpuReport } from '#core/machine/report'
import type { Evidence } from '#core/machine/evidence'
import { vendorByPciId, VIRTUAL_VENDORS } from '#core/machine/gpu-identity'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { isObject, numberIn, objectsIn, textIn, type JsonObject } from './json'

const leaf = leavesFrom('Chromium')

/** Chromium gives its software renderer these vendors; 0x1414:0x008c is Microsoft's basic render driver. */
const NO_VENDOR: ReadonlySet<number> = new Set([0, 0xffff])
const BASIC_RENDER = '1414:008c'

/** Reads the answer of Electron's app.getGPUInfo. It has no memory size, clock or width. Null for anything else. */
export function parseChromiumGpuInfo(info: unknown): Evidence | null {
  if (!isObject(info) || !Array.isArray(info.gpuDevice)) return null
  return { gpus: objectsIn(info.gpuDevice).flatMap(gpuOf) }
}

function gpuOf(device: JsonObject): readonly Part<GpuReport>[] {
  const vendor = numberIn(device, 'vendorId')
  const product = numberIn(device, 'deviceId')
  if (vendor === null || product === null || NO_VENDOR.has(vendor)) return []
  const vendorId = hex(vendor)
  const pciId = `${vendorId}:${hex(product)}`
  const name = textIn(device, 'deviceString')
  const kind =
    pciId === BASIC_RENDER ? 'software' : VIRTUAL_VENDORS.has(vendorId) ? 'virtual' : null
  return [
    {
      vendor: leaf(vendorByPciId(vendorId), null, 'vendorId'),
      pciId: leaf(pciId, null, 'vendorId and deviceId'),
      driver: leaf(textIn(device, 'driverVersion'), null, 'driverVersion'),
      ...(name === null ? {} : { name: leaf(name, null, 'deviceString') }),
      ...(kind === null ? {} : { kind: leaf(kind, null, 'vendorId and deviceId') }),
    },
  ]
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0')
}
