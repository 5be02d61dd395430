import { describe, expect, test } from 'vitest'
import { parseChromiumGpuInfo } from '../../../electron/probe/parsers/chromium-gpu-info'
import { parseCpuList } from '../../../electron/probe/parsers/numbers'
import { BASIC_FIELDS, parseNvidiaSmi } from '../../../electron/probe/parsers/nvidia-smi'
import { parsePpDpm } from '../../../electron/probe/parsers/pp-dpm'
import { parseSmbios } from '../../../electron/probe/parsers/smbios'
import { parseWindowsRegistry } from '../../../electron/probe/parsers/windows-registry'
import { SMBIOS_END, joinBytes, smbiosModule, smbiosStructure } from './parts'

describe('pp_dpm_mclk', () => {
  test('gives the starred and the highest level, whatever their order', () => {
    expect(parsePpDpm('0: 1249Mhz \n1: 96Mhz *\n')).toEqual({ now: 96, max: 1249 })
  })
  test('counts deep sleep as the present clock', () => {
    expect(parsePpDpm('S: 19Mhz *\n0: 615Mhz \n1: 2482Mhz \n')).toEqual({ now: 19, max: 2482 })
  })
  test('a level of 0 MHz is no clock', () => {
    expect(parsePpDpm('0: 0Mhz *\n')).toEqual({ now: null, max: null })
  })
})

describe('lists of CPUs', () => {
  test('hold ranges and single numbers', () => {
    expect(parseCpuList('0-2,8,10-11\n')).toEqual([0, 1, 2, 8, 10, 11])
  })
  test('are null when they are something else', () => {
    expect(parseCpuList('')).toBeNull()
    expect(parseCpuList('0-')).toBeNull()
    expect(parseCpuList('all')).toBeNull()
  })
})

test('nvidia-smi on a card that resets gives no numbers', () => {
  const row =
    'NVIDIA A100-SXM4-40GB, 525.60.13, 00000000:07:00.0, 0x20B010DE, [GPU requires reset], [GPU requires reset], [Unknown Error], [Unknown Error], [Unknown Error], [Unknown Error], 4, 16, [Insufficient Permissions], [Unknown Error], [Unknown Error]\n'
  const gpu = parseNvidiaSmi(row, BASIC_FIELDS)?.gpus?.[0]
  expect(gpu?.memoryTotal?.value).toBeNull()
  expect(gpu?.memoryTotal?.method).toBe('memory.total is [GPU requires reset]')
  expect(gpu?.temperature?.value).toBeNull()
  expect(gpu?.pcieWidth?.value).toBe(16)
})

describe('SMBIOS memory devices', () => {
  const module = {
    size: 16_384,
    type: 0x22,
    locator: 'DIMM_A1',
    bank: 'BANK 0',
    speed: 4800,
    configured: 4800,
    totalWidth: 64,
    dataWidth: 64,
  }
  const parse = (changes: Partial<typeof module>) =>
    parseSmbios(joinBytes([smbiosModule({ ...module, ...changes }), SMBIOS_END]))?.modules?.[0]

  test('of 32 GiB and more use the extended size', () => {
    expect(parse({ size: 65_536 })?.size?.value).toBe(64 * 1024 ** 3)
  })
  test('with widths and speeds of all ones are unknown there', () => {
    const found = parse({ totalWidth: 0xffff, dataWidth: 0xffff, speed: 0, configured: 0xffff })
    expect(found?.totalWidth?.value).toBeNull()
    expect(found?.dataWidth?.value).toBeNull()
    expect(found?.speedRated?.value).toBeNull()
    expect(found?.speed?.value).toBeNull()
  })
  test('of a type that says nothing have no type', () => {
    expect(parse({ type: 0x02 })?.type?.value).toBeNull()
    expect(parse({ type: 0x07 })?.type?.value).toBeNull()
  })
  test('sized in KiB are understood', () => {
    const fill = (view: DataView) => {
      view.setUint16(0x0c, 0x8000 | 512, true)
    }
    const found = parseSmbios(joinBytes([smbiosStructure(17, 0x28, fill, []), SMBIOS_END]))
    expect(found?.modules?.[0]?.size?.value).toBe(512 * 1024)
  })
})

test('a registry value in binary is read lowest byte first, with or without spaces', () => {
  const size = (data: string) =>
    parseWindowsRegistry(`HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0000
    DriverDesc    REG_SZ    A card
    HardwareInformation.qwMemorySize    REG_BINARY    ${data}
`)?.gpus?.[0]?.memoryTotal?.value
  expect(size('0000000003000000')).toBe(12 * 1024 ** 3)
  expect(size('00 00 00 00 03 00 00 00')).toBe(12 * 1024 ** 3)
  expect(size('0000000000000000')).toBeNull()
  expect(size('FFFFFFFFFFFFFFFF')).toBeNull()
  expect(size('000000')).toBeNull()
})

test("Chromium's software renderer is no card, Microsoft's basic one is named as software", () => {
  const gpus = parseChromiumGpuInfo({
    gpuDevice: [
      { vendorId: 0xffff, deviceId: 0xffff, driverVendor: 'SwiftShader' },
      { vendorId: 0x1414, deviceId: 0x8c },
      { vendorId: 0x10de, deviceId: 0x2684, driverVersion: '32.0.15.6094', active: true },
    ],
  })?.gpus
  expect(gpus?.map((gpu) => [gpu.pciId?.value, gpu.kind?.value])).toEqual([
    ['1414:008c', 'software'],
    ['10de:2684', undefined],
  ])
})
