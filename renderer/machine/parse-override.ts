import type { Leaf } from '#core/contract/machine'
import { en } from '../i18n/en'
import { zhCn } from '../i18n/zh-cn'
import { parseNumber } from '../kit/number-text'

/** Counts: numbers without a unit, so an unknown one does not show that it is a number. */
const counts: ReadonlySet<string> = new Set([
  'sockets',
  'cores',
  'performanceCores',
  'efficiencyCores',
  'threads',
  'slots',
  'slotsPopulated',
  'channels',
  'pcieGeneration',
  'pcieWidth',
])
const yesOrNo: ReadonlySet<string> = new Set(['virtual', 'ecc'])
/** As typed in either language. */
const kinds: ReadonlyMap<string, string> = new Map(
  [en, zhCn].flatMap(({ machine }) =>
    Object.entries(machine.kinds).map(([kind, word]) => [word, kind] as const),
  ),
)
const found: ReadonlySet<string> = new Set(['id', 'apis'])

const bytesPer: Readonly<Record<string, number>> = {
  b: 1,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
}

type ParsedOverride =
  | { readonly ok: true; readonly value: string | number | boolean }
  | { readonly ok: false; readonly problem: 'number' | 'size' | 'yesNo' | 'kind' | 'empty' }

/** A list and the key of a card cannot be corrected; every other value can. */
export function isCorrectable(key: string): boolean {
  return !found.has(key)
}

/** What a person typed for a leaf: sizes with their unit ("24 GiB"), yes and no in either language. */
export function parseOverride(key: string, leaf: Leaf, text: string): ParsedOverride {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: false, problem: 'empty' }
  if (yesOrNo.has(key)) return parseYesNo(trimmed)
  if (key === 'kind') {
    const kind = kinds.get(trimmed.toLowerCase())
    return kind === undefined ? { ok: false, problem: 'kind' } : { ok: true, value: kind }
  }
  if (leaf.unit === 'bytes') return parseSize(trimmed)
  const isNumber = typeof leaf.value === 'number' || leaf.unit !== null || counts.has(key)
  if (!isNumber) return { ok: true, value: trimmed }
  const bare = leaf.unit === null ? trimmed : withoutUnit(trimmed, leaf.unit)
  const value = parseNumber(bare)
  return value !== null && value > 0 ? { ok: true, value } : { ok: false, problem: 'number' }
}

function withoutUnit(text: string, unit: string): string {
  return text.toLowerCase().endsWith(unit.toLowerCase()) ? text.slice(0, -unit.length).trim() : text
}

function parseSize(text: string): ParsedOverride {
  const [, amount = '', unit = ''] = /^(.*?)\s*([a-z]+)$/i.exec(text) ?? []
  const scale = bytesPer[unit.toLowerCase()]
  const value = parseNumber(amount)
  return scale !== undefined && value !== null && value > 0
    ? { ok: true, value: Math.round(value * scale) }
    : { ok: false, problem: 'size' }
}

function parseYesNo(text: string): ParsedOverride {
  if (/^(yes|y|true|是|有)$/i.test(text)) return { ok: true, value: true }
  if (/^(no|n|false|否|无)$/i.test(text)) return { ok: true, value: false }
  return { ok: false, problem: 'yesNo' }
}
