import type { GpuReport } from '#core/machine/report'
import { pciAddress } from '#core/machine/gpu-identity'
import type { Evidence } from '#core/machine/evidence'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { completeLines } from './lines'
import { MIB, parseNumber, parsePositive, times } from './numbers'

/** What every driver since 2016 answers, in the order it is asked. */
export const BASIC_FIELDS = [
  'name',
  'driver_version',
  'pci.bus_id',
  'pci.device_id',
  'memory.total',
  'memory.used',
  'clocks.mem',
  'clocks.max.mem',
  'clocks.gr',
  'clocks.max.gr',
  'pcie.link.gen.max',
  'pcie.link.width.max',
  'power.limit',
  'temperature.gpu',
  'utilization.gpu',
] as const

/** `compute_cap` came with driver 470; older ones refuse the whole query for it. */
export const ALL_FIELDS = [...BASIC_FIELDS, 'compute_cap'] as const

type Field = (typeof ALL_FIELDS)[number]

const leaf = leavesFrom('nvidia-smi')

/**
 * Parses `nvidia-smi --query-gpu=<fields> --format=csv,noheader,nounits`. Null when no line is such a row: the tool
 * explains on stdout why it failed. Values it will not tell ("[N/A]", "[Not Supported]") become unknown.
 */
export function parseNvidiaSmi(stdout: string, fields: readonly Field[]): Evidence | null {
  const gpus = completeLines(stdout).flatMap((line) => {
    const cells = line.split(',').map((cell) => cell.trim())
    if (cells.length !== fields.length) return []
    const row = new Map(fields.map((field, i) => [field, cells[i] ?? '']))
    return isCard(row) ? [gpuOf(row)] : []
  })
  return gpus.length === 0 ? null : { gpus }
}

/** A row of ours has a PCI address; only chips that sit on no PCI bus (Tegra) have none, but a driver version. */
function isCard(row: ReadonlyMap<Field, string>): boolean {
  const address = row.get('pci.bus_id') ?? ''
  if (pciAddress(address) !== null) return true
  return words(address) === null && /^\d+(\.\d+)+$/.test(row.get('driver_version') ?? '')
}

function gpuOf(row: ReadonlyMap<Field, string>): Part<GpuReport> {
  const amount = (field: Field, unit: string | null, factor = 1) =>
    leaf(times(parsePositive(row.get(field)), factor), unit, said(row, field))
  const compute = parsePositive(row.get('compute_cap'))
  return {
    id: leaf(pciAddress(row.get('pci.bus_id') ?? ''), null, said(row, 'pci.bus_id')),
    name: leaf(words(row.get('name')), null, said(row, 'name')),
    vendor: leaf('NVIDIA', null, 'nvidia-smi lists NVIDIA cards only'),
    pciId: leaf(pciIdOf(row.get('pci.device_id')), null, said(row, 'pci.device_id')),
    driver: leaf(words(row.get('driver_version')), null, said(row, 'driver_version')),
    memoryTotal: amount('memory.total', 'bytes', MIB),
    memoryUsed: leaf(
      times(parseNumber(row.get('memory.used')), MIB),
      'bytes',
      said(row, 'memory.used'),
    ),
    memoryClock: amount('clocks.mem', 'MHz'),
    memoryClockMax: amount('clocks.max.mem', 'MHz'),
    coreClock: amount('clocks.gr', 'MHz'),
    coreClockMax: amount('clocks.max.gr', 'MHz'),
    pcieGeneration: amount('pcie.link.gen.max', null),
    pcieWidth: amount('pcie.link.width.max', 'lanes'),
    powerLimit: amount('power.limit', 'W'),
    temperature: leaf(parseNumber(row.get('temperature.gpu')), '°C', said(row, 'temperature.gpu')),
    utilization: leaf(parseNumber(row.get('utilization.gpu')), '%', said(row, 'utilization.gpu')),
    ...(compute === null
      ? {}
      : {
          apis: leaf([`CUDA (compute ${row.get('compute_cap') ?? ''})`], null, 'compute_cap'),
        }),
  }
}

/** '0x268410DE' holds device and vendor. */
function pciIdOf(text: string | undefined): string | null {
  const parts = /^0x([0-9a-f]{4})([0-9a-f]{4})$/i.exec(text ?? '')
  return parts === null ? null : `${parts[2] ?? ''}:${parts[1] ?? ''}`.toLowerCase()
}

function words(text: string | undefined): string | null {
  return text === undefined || text === '' || /^\[.*\]$|^n\/a$/i.test(text) ? null : text
}

function said(row: ReadonlyMap<Field, string>, field: Field): string {
  const answer = row.get(field) ?? ''
  return /^\[.*\]$|^n\/a$/i.test(answer) ? `${field} is ${answer}` : field
}
