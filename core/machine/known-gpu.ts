import type { GpuReport } from './report'
import { clockConvention, transfersPerClock } from './bandwidth'
import { KNOWN_GPUS, type KnownGpu } from './gpu-table'
import { leavesFrom } from './measured'
import type { Part } from './merge'

const GIB = 1024 ** 3

/** Error correction and firmware take their share of the memory that a card is sold with. */
const SIZE_WITHIN = 0.1

const leaf = leavesFrom('known cards')

/** What our list says about a card; fields on which the matching rows differ stay out. */
export function knownGpu(gpu: GpuReport): Part<GpuReport> {
  const rows = rowsFor(gpu)
  const type = agreed(rows, (row) => row.type)
  const width = agreed(rows, (row) => row.width)
  const rate = agreed(rows, (row) => row.rate)
  const convention = clockConvention(gpu.vendor.value)
  const transfers = convention === null ? null : transfersPerClock(convention, type)
  const clock = rate === null || transfers === null ? null : rate / transfers
  const method = `listed for ${gpu.name.value ?? ''}`
  return {
    ...(type === null ? {} : { memoryType: leaf(type, null, method, 'table') }),
    ...(width === null ? {} : { memoryBusWidth: leaf(width, 'bit', method, 'table') }),
    ...(rate === null ? {} : { memoryDataRate: leaf(rate, 'MT/s', method, 'table') }),
    ...(clock === null
      ? {}
      : { memoryClockMax: leaf(clock, 'MHz', `${method}, as its driver counts`, 'table') }),
  }
}

/** The sizes in bytes in which a card of this name is sold; empty where the list has none. */
export function soldSizes(vendor: string | null, name: string): readonly number[] {
  return rowsNamed(vendor, name).flatMap((row) => row.sizes.map((size) => size * GIB))
}

function rowsFor(gpu: GpuReport): readonly KnownGpu[] {
  const memory = gpu.memoryTotal.value
  const cores = gpu.cores.value
  return rowsNamed(gpu.vendor.value, gpu.name.value ?? '').filter((row) => {
    if (row.cores !== undefined && cores !== null && row.cores !== cores) return false
    if (memory === null || row.sizes.length === 0) return true
    return row.sizes.some((size) => Math.abs(memory - size * GIB) <= SIZE_WITHIN * size * GIB)
  })
}

function rowsNamed(vendor: string | null, name: string): readonly KnownGpu[] {
  const short = shortName(name)
  return (KNOWN_GPUS[vendor ?? ''] ?? []).filter((row) => row.name.test(short))
}

/** 'NVIDIA A100-SXM4-80GB' -> 'A100-SXM4', 'Intel(R) Arc(TM) A770 Graphics' -> 'A770'. */
function shortName(name: string): string {
  return name
    .replace(/\((r|tm|c)\)/gi, ' ')
    .replace(/\b(nvidia|geforce|tesla|amd|radeon|intel|arc|apple|graphics)\b/gi, ' ')
    .replace(/[\s-]\d+ ?GB\b/gi, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function agreed<T>(rows: readonly KnownGpu[], pick: (row: KnownGpu) => T | null): T | null {
  const first = rows[0]
  if (first === undefined) return null
  const value = pick(first)
  return rows.every((row) => pick(row) === value) ? value : null
}
