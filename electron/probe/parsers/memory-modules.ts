import type { Evidence } from '#core/machine/evidence'
import { leavesFrom } from '#core/machine/measured'
import { positive } from './numbers'

/** A populated slot as SMBIOS describes it, however it reached us. Sizes in bytes, widths in bit, speeds in MT/s. */
export interface SlotContents {
  readonly locator: string | null
  readonly bank: string | null
  readonly size: number | null
  readonly type: string | null
  readonly speedRated: number | null
  readonly speed: number | null
  readonly dataWidth: number | null
  readonly totalWidth: number | null
  readonly formFactor: string | null
  readonly manufacturer: string | null
  readonly partNumber: string | null
}

/** SMBIOS 3.7, table 78: Memory Device - Type. Only memory that computers of this century have. */
const TYPES: Readonly<Record<number, string>> = {
  0x12: 'DDR',
  0x13: 'DDR2',
  0x18: 'DDR3',
  0x1a: 'DDR4',
  0x1b: 'LPDDR',
  0x1c: 'LPDDR2',
  0x1d: 'LPDDR3',
  0x1e: 'LPDDR4',
  0x20: 'HBM',
  0x21: 'HBM2',
  0x22: 'DDR5',
  0x23: 'LPDDR5',
  0x24: 'HBM3',
}
const TYPE_NAMES: ReadonlySet<string> = new Set(Object.values(TYPES))

export function memoryTypeByCode(code: number): string | null {
  return TYPES[code] ?? null
}

/** 'DDR4' stays; 'Unknown', 'Other', 'RAM', 'DRAM' say nothing. */
export function memoryTypeByName(name: string | undefined): string | null {
  const upper = name?.trim().toUpperCase() ?? ''
  return TYPE_NAMES.has(upper) ? upper : null
}

/** SMBIOS stands 'unknown' as 0 or all ones; no module is wider than 1024 bits or faster than 65 GT/s. */
export function plausibleWidth(bits: number | null): number | null {
  return bits !== null && bits <= 1024 ? positive(bits) : null
}
export function plausibleSpeed(speed: number | null): number | null {
  return speed !== null && speed < 65_000 ? positive(speed) : null
}

/** Text that a firmware maker left in place of a value. */
export function plausibleText(text: string | undefined): string | null {
  const plain = text?.trim() ?? ''
  const filler = /^(unknown|not specified|none|no dimm|undefined|empty|to be filled.*|n\/a|0+)?$/i
  return filler.test(plain) ? null : plain
}

/** The modules of populated slots and the number of all slots; null when there is neither. */
export function moduleEvidence(
  source: string,
  populated: readonly SlotContents[],
  slots: number | null,
): Evidence | null {
  if (populated.length === 0 && slots === null) return null
  const leaf = leavesFrom(source)
  return {
    ...(populated.length === 0
      ? {}
      : {
          modules: populated.map((slot) => ({
            locator: leaf(place(slot), null, 'locator'),
            size: leaf(slot.size, 'bytes', 'size'),
            type: leaf(slot.type, null, 'type'),
            speed: leaf(slot.speed, 'MT/s', 'configured speed'),
            speedRated: leaf(slot.speedRated, 'MT/s', 'speed'),
            dataWidth: leaf(slot.dataWidth, 'bit', 'data width'),
            totalWidth: leaf(slot.totalWidth, 'bit', 'total width'),
            formFactor: leaf(slot.formFactor, null, 'form factor'),
            manufacturer: leaf(slot.manufacturer, null, 'manufacturer'),
            partNumber: leaf(slot.partNumber, null, 'part number'),
          })),
        }),
    memory: {
      slots: leaf(positive(slots), null, 'number of memory devices'),
    },
  }
}

/** The channel stands in the locator on some boards, in the bank on others. */
function place(slot: SlotContents): string | null {
  const parts = [slot.locator, slot.bank].filter((part) => part !== null)
  return parts.length === 0 ? null : [...new Set(parts)].join(' / ')
}
