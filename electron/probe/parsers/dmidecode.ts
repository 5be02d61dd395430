import type { Evidence } from '#core/machine/evidence'
import { completeText } from './lines'
import {
  memoryTypeByName,
  moduleEvidence,
  plausibleSpeed,
  plausibleText,
  plausibleWidth,
} from './memory-modules'
import { GIB, KIB, MIB, parsePositive, times } from './numbers'

const UNITS: Readonly<Record<string, number>> = { kB: KIB, MB: MIB, GB: GIB, TB: GIB * 1024 }

/** Parses `dmidecode -t 16,17`: blocks of "Key: value" under "Memory Device". Null when there is no such block. */
export function parseDmidecode(stdout: string): Evidence | null {
  let slots: number | null = null
  const populated = completeText(stdout)
    .split(/\n\s*\n/)
    .flatMap((block) => {
      const fields = fieldsOf(block)
      if (/^Physical Memory Array$/m.test(block) && fields.get('Use') === 'System Memory') {
        slots = (slots ?? 0) + (parsePositive(fields.get('Number Of Devices')) ?? 0)
      }
      const size = fields.get('Size')
      if (!/^Memory Device$/m.test(block) || size === undefined) return []
      if (/^(no module installed|not installed)$/i.test(size)) return []
      return [
        {
          locator: plausibleText(fields.get('Locator')),
          bank: plausibleText(fields.get('Bank Locator')),
          size: sizeOf(size),
          type: memoryTypeByName(fields.get('Type')),
          speedRated: speedOf(fields.get('Speed')),
          speed: speedOf(
            fields.get('Configured Memory Speed') ?? fields.get('Configured Clock Speed'),
          ),
          dataWidth: widthOf(fields.get('Data Width')),
          totalWidth: widthOf(fields.get('Total Width')),
          formFactor: plausibleText(fields.get('Form Factor')),
          manufacturer: plausibleText(fields.get('Manufacturer')),
          partNumber: plausibleText(fields.get('Part Number')),
        },
      ]
    })
  return moduleEvidence('dmidecode', populated, slots)
}

function fieldsOf(block: string): ReadonlyMap<string, string> {
  return new Map(
    block.split('\n').flatMap((line) => {
      const [, key, value] = /^\s+([A-Z][A-Za-z ]*): (.*?)\s*$/.exec(line) ?? []
      return key === undefined || value === undefined ? [] : [[key, value] as const]
    }),
  )
}

/** '16 GB' or '16384 MB', by which dmidecode means powers of 1024. */
function sizeOf(text: string): number | null {
  const [, digits, unit = ''] = /^(\d+) (kB|MB|GB|TB)$/.exec(text) ?? []
  return times(parsePositive(digits), UNITS[unit] ?? NaN)
}

/** '3200 MT/s'; older releases write MHz and mean the same. */
function speedOf(text: string | undefined): number | null {
  return plausibleSpeed(parsePositive(/^(\d+) (?:MT\/s|MHz)$/.exec(text ?? '')?.[1]))
}

function widthOf(text: string | undefined): number | null {
  return plausibleWidth(parsePositive(/^(\d+) bits$/.exec(text ?? '')?.[1]))
}
