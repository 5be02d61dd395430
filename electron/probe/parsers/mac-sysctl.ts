import type { GpuReport } from '#core/machine/report'
import type { Evidence } from '#core/machine/evidence'
import { leavesFrom } from '#core/machine/measured'
import { completeLines } from './lines'
import { GIB, MIB, parseNumber, parsePositive, times } from './numbers'

/** Whole trees: asking for single names fails on the machines that lack one of them. */
export const SYSCTL_TREES = [
  'hw',
  'machdep.cpu',
  'iogpu',
  'kern.osproductversion',
  'kern.hv_vmm_present',
] as const

const leaf = leavesFrom('sysctl')

const SIMD: readonly (readonly [key: string, name: string])[] = [
  ['hw.optional.avx512f', 'AVX-512'],
  ['hw.optional.avx2_0', 'AVX2'],
  ['hw.optional.avx1_0', 'AVX'],
  ['hw.optional.sse4_2', 'SSE4.2'],
  ['hw.optional.neon', 'NEON'],
  ['hw.optional.arm.AdvSIMD', 'NEON'],
]

/** Parses `sysctl <trees>` of macOS: lines "hw.memsize: 17179869184". Null without a memory size. */
export function parseMacSysctl(stdout: string): Evidence | null {
  const values = new Map<string, string>()
  for (const line of completeLines(stdout)) {
    const [, key, value] = /^([a-zA-Z0-9_.]+): (.*?)\s*$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) values.set(key, value)
  }
  const memory = parsePositive(values.get('hw.memsize'))
  if (memory === null) return null
  const get = (key: string, unit: string | null = null, factor = 1) =>
    leaf(times(parsePositive(values.get(key)), factor), unit, key)
  const levels = parsePositive(values.get('hw.nperflevels'))
  const brand = values.get('machdep.cpu.brand_string')
  const apple = brand?.startsWith('Apple') === true
  return {
    os: {
      name: leaf('macOS', null, 'sysctl is that of macOS'),
      version: leaf(values.get('kern.osproductversion'), null, 'kern.osproductversion'),
    },
    host: { model: leaf(values.get('hw.model'), null, 'hw.model') },
    cpu: {
      name: leaf(brand, null, 'machdep.cpu.brand_string'),
      vendor: leaf(apple ? 'Apple' : brand?.includes('Intel') ? 'Intel' : null, null, 'the name'),
      sockets: get('hw.packages'),
      cores: get('hw.physicalcpu'),
      threads: get('hw.logicalcpu'),
      ...(levels === 2
        ? {
            performanceCores: get('hw.perflevel0.physicalcpu'),
            efficiencyCores: get('hw.perflevel1.physicalcpu'),
          }
        : {}),
      clockMax: get('hw.cpufrequency_max', 'MHz', 1e-6),
      cacheL1d: get(levels === 2 ? 'hw.perflevel0.l1dcachesize' : 'hw.l1dcachesize', 'bytes'),
      cacheL2: get(levels === 2 ? 'hw.perflevel0.l2cachesize' : 'hw.l2cachesize', 'bytes'),
      cacheL3: get('hw.l3cachesize', 'bytes'),
      simd: leaf(SIMD.find(([key]) => values.get(key) === '1')?.[1], null, 'hw.optional'),
      virtual: leaf(virtualOf(values.get('kern.hv_vmm_present')), null, 'kern.hv_vmm_present'),
    },
    memory: { total: get('hw.memsize', 'bytes') },
    ...(apple ? { gpus: [{ ...wiredLimit(values, memory, brand) }] } : {}),
  }
}

/** How much of the pool Metal will use: what was set, else the system's rule of thumb. */
function wiredLimit(
  values: ReadonlyMap<string, string>,
  memory: number,
  brand: string,
): Partial<GpuReport> {
  const limit = times(parsePositive(values.get('iogpu.wired_limit_mb')), MIB)
  // An answer that breaks off before it came to the limit does not say that there is none.
  const told = values.has('iogpu.wired_limit_mb') || values.has('kern.osproductversion')
  const usual = told ? memory * (memory > 36 * GIB ? 3 / 4 : 2 / 3) : null
  return {
    name: leaf(brand, null, 'the GPU is part of this chip', 'inferred'),
    vendor: leaf('Apple', null, 'the GPU is part of this chip', 'inferred'),
    memoryTotal: leaf(memory, 'bytes', 'hw.memsize: one pool with the CPU', 'derived'),
    memoryShared:
      limit === null
        ? leaf(
            usual,
            'bytes',
            'about 2/3 of memory, 3/4 above 36 GiB, when no limit is set',
            'inferred',
          )
        : leaf(limit, 'bytes', 'iogpu.wired_limit_mb'),
  }
}

function virtualOf(text: string | undefined): boolean | null {
  const flag = parseNumber(text)
  return flag === null ? null : flag === 1
}
