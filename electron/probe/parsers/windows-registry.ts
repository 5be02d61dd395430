import type { GpuReport } from '#core/machine/report'
import type { Evidence } from '#core/machine/evidence'
import { vendorByPciId } from '#core/machine/gpu-identity'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { completeLines } from './lines'
import { positive } from './numbers'

/** Where Windows keeps one numbered key for every display driver that was ever installed. */
export const DISPLAY_CLASS =
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}'

const leaf = leavesFrom('registry')

/**
 * Parses `reg query <display class> /s`. Value names and types are never translated, unlike the closing sentence.
 * HardwareInformation.MemorySize is not read: its 32 bits show 2 GB for a 16 GB card. Null without any numbered key.
 */
export function parseWindowsRegistry(stdout: string): Evidence | null {
  const gpus = stdout.split(/^(?=HKEY_)/m).flatMap((section) => {
    const [key = '', ...lines] = completeLines(section)
    return NUMBERED_KEY.test(key.trim()) ? [gpuOf(valuesOf(lines))] : []
  })
  const described = gpus.filter((gpu) => gpu.name?.value != null)
  return described.length === 0 ? null : { gpus: described }
}

const NUMBERED_KEY = /\\Class\\\{4d36e968-e325-11ce-bfc1-08002be10318\}\\\d{4}$/i

/** '    DriverDesc    REG_SZ    AMD Radeon RX 6800 XT' */
function valuesOf(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const [, name, data] = /^ {4}(\S.*?) {4}REG_[A-Z_]+ {4}(.*)$/.exec(line) ?? []
      return name === undefined || data === undefined ? [] : [[name, data.trim()] as const]
    }),
  )
}

function gpuOf(values: ReadonlyMap<string, string>): Part<GpuReport> {
  const matching = values.get('MatchingDeviceId') ?? ''
  const [, vendorId, deviceId] = /^PCI\\VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})/i.exec(matching) ?? []
  const size = values.get('HardwareInformation.qwMemorySize')
  return {
    name: leaf(values.get('DriverDesc'), null, 'DriverDesc'),
    driver: leaf(values.get('DriverVersion'), null, 'DriverVersion'),
    memoryTotal: leaf(bytesOf(size), 'bytes', 'HardwareInformation.qwMemorySize'),
    ...(vendorId === undefined || deviceId === undefined
      ? {}
      : {
          vendor: leaf(vendorByPciId(vendorId), null, 'MatchingDeviceId'),
          pciId: leaf(`${vendorId}:${deviceId}`.toLowerCase(), null, 'MatchingDeviceId'),
        }),
  }
}

/** '0x600000000' (REG_QWORD), or '0000000006000000' (REG_BINARY, lowest byte first). */
function bytesOf(text: string | undefined): number | null {
  const digits = text?.replace(/\s/g, '') ?? ''
  if (/^0x[0-9a-f]{1,13}$/i.test(digits)) return positive(Number(digits))
  if (!/^([0-9a-f]{8}|[0-9a-f]{16})$/i.test(digits)) return null
  const lowestLast = digits.match(/../g)?.reverse().join('') ?? ''
  const bytes = Number(`0x${lowestLast}`)
  return Number.isSafeInteger(bytes) ? positive(bytes) : null
}
