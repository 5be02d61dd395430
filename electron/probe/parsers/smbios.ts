import type { Evidence } from '#core/machine/evidence'
import {
  memoryTypeByCode,
  moduleEvidence,
  plausibleSpeed,
  plausibleText,
  plausibleWidth,
  type SlotContents,
} from './memory-modules'
import { KIB, MIB } from './numbers'

interface Structure {
  readonly type: number
  readonly data: DataView
  readonly strings: readonly string[]
}

const MEMORY_ARRAY = 16
const MEMORY_DEVICE = 17
const END = 127
const SYSTEM_MEMORY = 3
const MAX_STRUCTURES = 10_000

/**
 * Parses the raw SMBIOS structure table (Linux: /sys/firmware/dmi/tables/DMI), as DMTF DSP0134 7.17 and 7.18 lay
 * out memory arrays and memory devices. Null when it holds neither. Stops at the first damaged structure.
 */
export function parseSmbios(table: Uint8Array): Evidence | null {
  let slots: number | null = null
  const populated: SlotContents[] = []
  for (const structure of structuresOf(table)) {
    if (structure.type === MEMORY_ARRAY && byteAt(structure, 0x05) === SYSTEM_MEMORY) {
      slots = (slots ?? 0) + (wordAt(structure, 0x0d) ?? 0)
    }
    if (structure.type === MEMORY_DEVICE) populated.push(...deviceOf(structure))
  }
  return moduleEvidence('SMBIOS', populated, slots)
}

function structuresOf(table: Uint8Array): readonly Structure[] {
  const structures: Structure[] = []
  let at = 0
  while (at + 4 <= table.length && structures.length < MAX_STRUCTURES) {
    const type = table[at] ?? END
    const length = table[at + 1] ?? 0
    if (type === END || length < 4 || at + length > table.length) break
    const { strings, end } = stringsFrom(table, at + length)
    if (end > table.length) break
    const data = new DataView(table.buffer, table.byteOffset + at, length)
    structures.push({ type, data, strings })
    at = end
  }
  return structures
}

/** Zero-terminated strings up to an empty one; no strings at all are two zeros. */
function stringsFrom(table: Uint8Array, start: number): { strings: string[]; end: number } {
  const strings: string[] = []
  let at = start
  while (at < table.length && table[at] !== 0) {
    const zero = table.indexOf(0, at)
    const end = zero === -1 ? table.length + 1 : zero
    strings.push(String.fromCharCode(...table.subarray(at, Math.min(end, at + 256))))
    at = end + 1
  }
  return { strings, end: strings.length === 0 ? at + 2 : at + 1 }
}

/** Nothing for an empty slot. */
function deviceOf(device: Structure): readonly SlotContents[] {
  const size = sizeOf(device)
  if (size === 'empty') return []
  return [
    {
      locator: plausibleText(stringAt(device, 0x10)),
      bank: plausibleText(stringAt(device, 0x11)),
      size,
      type: memoryTypeByCode(byteAt(device, 0x12) ?? 0),
      speedRated: speedAt(device, 0x15, 0x54),
      speed: speedAt(device, 0x20, 0x58),
      dataWidth: plausibleWidth(wordAt(device, 0x0a)),
      totalWidth: plausibleWidth(wordAt(device, 0x08)),
      formFactor: FORM_FACTORS[byteAt(device, 0x0e) ?? 0] ?? null,
      manufacturer: plausibleText(stringAt(device, 0x17)),
      partNumber: plausibleText(stringAt(device, 0x1a)),
    },
  ]
}

const FORM_FACTORS: Readonly<Record<number, string>> = {
  0x09: 'DIMM',
  0x0b: 'Row of chips',
  0x0d: 'SODIMM',
  0x10: 'Die',
  0x11: 'CAMM',
}

/** Size word: 0 empty, 0xFFFF unknown, 0x7FFF see the extended size in MiB; the top bit means KiB, else MiB. */
function sizeOf(device: Structure): number | null | 'empty' {
  const word = wordAt(device, 0x0c)
  if (word === 0) return 'empty'
  if (word === null || word === 0xffff) return null
  if (word !== 0x7fff) return (word & 0x7fff) * ((word & 0x8000) === 0 ? MIB : KIB)
  const extended = (longAt(device, 0x1c) ?? 0) % 2 ** 31
  return extended === 0 ? null : extended * MIB
}

/** A speed word of 0xFFFF sends to the extended speed of SMBIOS 3.3. */
function speedAt(device: Structure, offset: number, extended: number): number | null {
  const word = wordAt(device, offset)
  return plausibleSpeed(word === 0xffff ? longAt(device, extended) : word)
}

function byteAt({ data }: Structure, offset: number): number | null {
  return offset + 1 <= data.byteLength ? data.getUint8(offset) : null
}
function wordAt({ data }: Structure, offset: number): number | null {
  return offset + 2 <= data.byteLength ? data.getUint16(offset, true) : null
}
function longAt({ data }: Structure, offset: number): number | null {
  return offset + 4 <= data.byteLength ? data.getUint32(offset, true) : null
}
function stringAt(structure: Structure, offset: number): string | undefined {
  const index = byteAt(structure, offset) ?? 0
  return index === 0 ? undefined : structure.strings[index - 1]
}
