import type { CpuReport } from '#core/machine/report'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { KIB, MIB, parseCpuList, parsePositive, times } from './numbers'

export interface CpuFiles {
  /** One entry a thread, from /sys/devices/system/cpu/cpuN. */
  readonly threads: readonly {
    readonly siblings?: string
    readonly capacity?: string
    readonly l3Size?: string
    readonly l3Shared?: string
  }[]
  /** /sys/devices/cpu_core/cpus and cpu_atom/cpus: Intel's performance and efficiency cores. */
  readonly performanceCpus?: string
  readonly efficiencyCpus?: string
  /** cpufreq of cpu0, in kHz. */
  readonly maxFrequency?: string
  readonly baseFrequency?: string
  /** The caches of cpu0, e.g. { level: '1', type: 'Data', size: '32K' }. */
  readonly caches: readonly {
    readonly level: string
    readonly type: string
    readonly size: string
  }[]
}

const leaf = leavesFrom('/sys/devices/system/cpu')

/** Cores, core kinds, clocks and caches as Linux shows them. */
export function parseSysfsCpu(files: CpuFiles): Part<CpuReport> {
  const siblings = files.threads.map((thread) => parseCpuList(thread.siblings))
  const kinds = coreKinds(files, siblings)
  const cache = (level: string, types: readonly string[]) =>
    files.caches.find((entry) => entry.level === level && types.includes(entry.type))?.size
  return {
    cores: leaf(coresAmong(siblings, null), null, 'distinct thread_siblings_list'),
    performanceCores: leaf(kinds?.performance, null, kinds?.method ?? 'cores do not differ'),
    efficiencyCores: leaf(kinds?.efficiency, null, kinds?.method ?? 'cores do not differ'),
    clockMax: leaf(
      times(parsePositive(files.maxFrequency), 1 / 1000),
      'MHz',
      'cpufreq/cpuinfo_max_freq',
    ),
    clockBase: leaf(
      times(parsePositive(files.baseFrequency), 1 / 1000),
      'MHz',
      'cpufreq/base_frequency',
    ),
    cacheL1d: leaf(sizeOf(cache('1', ['Data', 'Unified'])), 'bytes', 'L1 data cache of cpu0'),
    cacheL2: leaf(sizeOf(cache('2', ['Unified', 'Data'])), 'bytes', 'L2 cache of cpu0'),
    cacheL3: leaf(lastLevel(files), 'bytes', 'sum over the distinct L3 caches'),
  }
}

interface Kinds {
  readonly performance: number | null
  readonly efficiency: number | null
  readonly method: string
}

/** Intel names its two kinds; ARM gives every core a capacity, the largest being a performance core. */
function coreKinds(files: CpuFiles, siblings: readonly (readonly number[] | null)[]): Kinds | null {
  const performance = parseCpuList(files.performanceCpus)
  const efficiency = parseCpuList(files.efficiencyCpus)
  if (performance !== null && efficiency !== null) {
    return {
      performance: coresAmong(siblings, performance),
      efficiency: coresAmong(siblings, efficiency),
      method: 'cpu_core/cpus and cpu_atom/cpus',
    }
  }
  const capacities = files.threads.map((thread) => parsePositive(thread.capacity))
  const largest = Math.max(...capacities.map((capacity) => capacity ?? 0))
  if (capacities.includes(null) || capacities.every((capacity) => capacity === largest)) return null
  const threadsWith = (wanted: boolean) =>
    capacities.flatMap((capacity, cpu) => ((capacity === largest) === wanted ? [cpu] : []))
  return {
    performance: coresAmong(siblings, threadsWith(true)),
    efficiency: coresAmong(siblings, threadsWith(false)),
    method: 'cpu_capacity',
  }
}

/** Distinct cores among some threads (null: all of them); null unless every thread names its siblings. */
function coresAmong(
  siblings: readonly (readonly number[] | null)[],
  cpus: readonly number[] | null,
): number | null {
  const wanted = cpus === null ? siblings : cpus.map((cpu) => siblings[cpu] ?? null)
  if (wanted.length === 0 || wanted.includes(null)) return null
  return new Set(wanted.map(String)).size
}

function lastLevel(files: CpuFiles): number | null {
  const bySharers = new Map<string, number>()
  for (const { l3Size, l3Shared } of files.threads) {
    const size = sizeOf(l3Size)
    if (size !== null && l3Shared !== undefined) bySharers.set(l3Shared.trim(), size)
  }
  if (bySharers.size === 0) return null
  return [...bySharers.values()].reduce((sum, size) => sum + size)
}

/** '32K' -> 32768, '32M' -> 33554432. */
function sizeOf(text: string | undefined): number | null {
  const [, digits, unit] = /^\s*(\d+)([KM])\s*$/.exec(text ?? '') ?? []
  return times(parsePositive(digits), unit === 'M' ? MIB : KIB)
}
