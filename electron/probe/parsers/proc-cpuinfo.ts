import type { CpuReport } from '#core/machine/report'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { completeText } from './lines'
import { parsePositive } from './numbers'

const leaf = leavesFrom('/proc/cpuinfo')

/** Widest first: what a flag list contains decides. */
const SIMD: readonly (readonly [flag: string, name: string])[] = [
  ['avx512f', 'AVX-512'],
  ['avx2', 'AVX2'],
  ['avx', 'AVX'],
  ['sse4_2', 'SSE4.2'],
  ['sse2', 'SSE2'],
  ['sve2', 'SVE2'],
  ['sve', 'SVE'],
  ['asimd', 'NEON'],
  ['neon', 'NEON'],
]

/**
 * Parses /proc/cpuinfo of x86 and ARM: blocks of "key : value", one per thread. Null when there is no block; a
 * text that does not end in a blank line, or that names more siblings than it has threads, was cut off, and nothing
 * is counted in it.
 * Cores come from (physical id, core id) pairs; ARM has neither, so there they stay unknown here.
 */
export function parseCpuinfo(text: string): Part<CpuReport> | null {
  const blocks = completeText(text)
    .split(/\n\s*\n/)
    .map(fieldsOf)
    .filter((block) => block.has('processor'))
  const complete = /\n\n$/.test(text) && blocks.every((block) => hasItsSiblings(block, blocks))
  const first = blocks[0]
  if (first === undefined) return null
  const flags = (first.get('flags') ?? first.get('Features') ?? '').split(/\s+/)
  const simd = SIMD.find(([flag]) => flags.includes(flag))
  const sockets = complete ? distinct(blocks, ['physical id']) : null
  return {
    name: leaf(first.get('model name'), null, 'model name'),
    vendor: leaf(vendorOf(first), null, 'vendor_id or CPU implementer'),
    threads: leaf(complete ? blocks.length : null, null, 'number of processor entries'),
    sockets: leaf(sockets, null, 'distinct physical ids'),
    cores: leaf(
      complete ? distinct(blocks, ['physical id', 'core id']) : null,
      null,
      'distinct pairs of physical id and core id',
    ),
    simd: leaf(simd?.[1], null, 'flags or Features'),
    ...(first.has('flags')
      ? { virtual: leaf(flags.includes('hypervisor'), null, 'the hypervisor flag') }
      : {}),
  }
}

function fieldsOf(block: string): Block {
  return new Map(
    block.split('\n').flatMap((line) => {
      const colon = line.indexOf(':')
      return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const]
    }),
  )
}

type Block = ReadonlyMap<string, string>

/** x86 says in every block how many threads its package has; ARM does not say. */
function hasItsSiblings(block: Block, blocks: readonly Block[]): boolean {
  const siblings = parsePositive(block.get('siblings') ?? '')
  if (siblings === null) return true
  const inPackage = blocks.filter(
    (other) => other.get('physical id') === block.get('physical id'),
  ).length
  return inPackage >= siblings
}

/** How many different values these fields take together; null unless every block has them all. */
function distinct(blocks: readonly Block[], fields: readonly string[]): number | null {
  if (!blocks.every((block) => fields.every((field) => /^\d+$/.test(block.get(field) ?? '')))) {
    return null
  }
  const values = blocks.map((block) => fields.map((field) => block.get(field)).join('/'))
  return parsePositive(String(new Set(values).size))
}

const X86_VENDORS: Readonly<Record<string, string>> = {
  GenuineIntel: 'Intel',
  AuthenticAMD: 'AMD',
  HygonGenuine: 'Hygon',
  CentaurHauls: 'VIA',
}
const ARM_IMPLEMENTERS: Readonly<Record<string, string>> = {
  '0x41': 'ARM',
  '0x4e': 'NVIDIA',
  '0x51': 'Qualcomm',
  '0x61': 'Apple',
  '0xc0': 'Ampere',
}

function vendorOf(block: ReadonlyMap<string, string>): string | null {
  const x86 = block.get('vendor_id')
  if (x86 !== undefined) return X86_VENDORS[x86] ?? x86
  return ARM_IMPLEMENTERS[block.get('CPU implementer') ?? ''] ?? null
}
