import type { Measured } from './report'
import { unknownLeaf } from './measured'

/**
 * Theoretical memory bandwidth, with its derivation written out:
 * GB/s (1e9 bytes) = transfers per second x bus width in bits / 8.
 */

/** Who counts the clock: the same memory shows 10501, 1313 or 21000 "MHz", depending on whom one asks. */
export type ClockSource = 'nvml' | 'amdgpu' | 'command clock'

/**
 * Transfers per clock. NVML and CUDA show half the data rate for every memory type. amdgpu (as Mesa's
 * ac_memory_ops_per_clock has it) and GPU-Z show the command clock.
 */
const AMDGPU_TRANSFERS: Readonly<Record<string, number>> = {
  DDR2: 2,
  DDR3: 2,
  DDR4: 2,
  LPDDR4: 2,
  HBM: 2,
  HBM2: 2,
  HBM2e: 2,
  HBM3: 2,
  HBM3e: 2,
  DDR5: 4,
  LPDDR5: 4,
  LPDDR5X: 4,
  GDDR5: 4,
  GDDR6: 16,
}
const COMMAND_CLOCK_TRANSFERS: Readonly<Record<string, number>> = {
  DDR2: 2,
  DDR3: 2,
  DDR4: 2,
  DDR5: 2,
  LPDDR4: 2,
  LPDDR5: 4,
  LPDDR5X: 4,
  GDDR5: 4,
  GDDR5X: 8,
  GDDR6: 8,
  GDDR6X: 16,
  GDDR7: 16,
  HBM: 2,
  HBM2: 2,
  HBM2e: 2,
  HBM3: 2,
  HBM3e: 2,
}

/** Null where the multiplier is not known: then there is no data rate either. */
export function transfersPerClock(source: ClockSource, memoryType: string | null): number | null {
  if (source === 'nvml') return 2
  if (memoryType === null) return null
  const table = source === 'amdgpu' ? AMDGPU_TRANSFERS : COMMAND_CLOCK_TRANSFERS
  return table[memoryType] ?? null
}

/** How the tools of this vendor count the memory clock; null where we know no tool that does. */
export function clockConvention(vendor: string | null): ClockSource | null {
  if (vendor === 'NVIDIA') return 'nvml'
  return vendor === 'AMD' ? 'amdgpu' : null
}

/** Data rate in MT/s from a clock in MHz. */
export function dataRate(
  clock: Measured<number>,
  source: ClockSource | null,
  memoryType: string | null,
): Measured<number> {
  if (clock.value === null) return unknownLeaf('MT/s', 'the maximum memory clock is unknown')
  const transfers = source === null ? null : transfersPerClock(source, memoryType)
  if (transfers === null) {
    return unknownLeaf('MT/s', `transfers per clock of ${memoryType ?? 'its memory'} are unknown`)
  }
  const value = clock.value * transfers
  return {
    value,
    unit: 'MT/s',
    source: clock.source,
    method: `${number(clock.value)} MHz x ${transfers} = ${number(value)} MT/s`,
    confidence: clock.confidence === 'table' ? 'table' : 'derived',
  }
}

/** Bandwidth of a GPU in GB/s. `rate` in MT/s, `width` in bit; its method spells the sum out. */
export function gpuBandwidth(rate: Measured<number>, width: Measured<number>): Measured<number> {
  if (rate.value === null || width.value === null) {
    const missing = [
      ...(rate.value === null ? ['memory data rate'] : []),
      ...(width.value === null ? ['bus width'] : []),
    ]
    return unknownLeaf('GB/s', `needs the ${missing.join(' and the ')}`)
  }
  const value = (rate.value * width.value) / 8 / 1000
  // "10501 MHz x 2 = 21002 MT/s" gives its left side, so the reader sees the clock that the driver shows.
  const rateText = rate.method.includes(' MHz x ')
    ? (rate.method.split(' = ')[0] ?? '')
    : `${number(rate.value)} MT/s`
  return {
    value,
    unit: 'GB/s',
    source: joinSources(rate, width),
    method: `${rateText} x ${number(width.value)} bit / 8 = ${number(value)} GB/s`,
    confidence: weakest(rate, width),
  }
}

/** Bandwidth of system memory in GB/s. `speed` in MT/s, `channels` counts populated 64-bit channels. */
export function memoryBandwidth(
  speed: Measured<number>,
  channels: Measured<number>,
): Measured<number> {
  if (speed.value === null || channels.value === null) {
    const missing = [
      ...(speed.value === null ? ['memory speed'] : []),
      ...(channels.value === null ? ['number of channels'] : []),
    ]
    return unknownLeaf('GB/s', `needs the ${missing.join(' and the ')}`)
  }
  const value = (speed.value * 8 * channels.value) / 1000
  return {
    value,
    unit: 'GB/s',
    source: joinSources(speed, channels),
    method: `${number(speed.value)} MT/s x 64 bit / 8 x ${channels.value} channels = ${number(value)} GB/s`,
    confidence: weakest(speed, channels),
  }
}

function joinSources(a: Measured<number>, b: Measured<number>): string {
  return [...new Set([a.source, b.source])].join(', ')
}

/** What rests on a table or a guess is no better than that. */
function weakest(a: Measured<number>, b: Measured<number>): 'derived' | 'table' | 'inferred' {
  const both = [a.confidence, b.confidence]
  if (both.includes('inferred')) return 'inferred'
  return both.includes('table') ? 'table' : 'derived'
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10)
}
