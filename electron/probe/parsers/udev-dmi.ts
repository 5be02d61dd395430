import type { Evidence } from '#core/machine/evidence'
import { completeLines } from './lines'
import {
  memoryTypeByName,
  moduleEvidence,
  plausibleSpeed,
  plausibleText,
  plausibleWidth,
} from './memory-modules'
import { parsePositive } from './numbers'

/** More slots than any board has; keeps a damaged file from being believed. */
const MAX_SLOTS = 256

/**
 * Parses udev's record of the DMI device (/run/udev/data/+dmi:id): lines "E:MEMORY_DEVICE_0_SIZE=17179869184".
 * systemd 248 and later keep it there, where everyone may read it. Null when it has no memory in it.
 */
export function parseUdevDmi(text: string): Evidence | null {
  const properties = new Map<string, string>()
  for (const line of completeLines(text)) {
    const [, key, value] = /^(?:E: ?)?(MEMORY_[A-Z0-9_]+)=(.*?)\s*$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) properties.set(key, value)
  }
  const numbers = new Set(
    [...properties.keys()].flatMap((key) => /^MEMORY_DEVICE_(\d{1,3})_/.exec(key)?.[1] ?? []),
  )
  const slots = parsePositive(properties.get('MEMORY_ARRAY_NUM_DEVICES'))
  const populated = [...numbers].slice(0, MAX_SLOTS).flatMap((number) => {
    const get = (name: string) => properties.get(`MEMORY_DEVICE_${number}_${name}`)
    if (get('PRESENT') === '0' || get('SIZE') === undefined) return []
    return [
      {
        locator: plausibleText(get('LOCATOR')),
        bank: plausibleText(get('BANK_LOCATOR')),
        size: parsePositive(get('SIZE')),
        type: memoryTypeByName(get('TYPE')),
        speedRated: plausibleSpeed(parsePositive(get('SPEED_MTS'))),
        speed: plausibleSpeed(parsePositive(get('CONFIGURED_SPEED_MTS'))),
        dataWidth: plausibleWidth(parsePositive(get('DATA_WIDTH'))),
        totalWidth: plausibleWidth(parsePositive(get('TOTAL_WIDTH'))),
        formFactor: plausibleText(get('FORM_FACTOR')),
        manufacturer: plausibleText(get('MANUFACTURER')),
        partNumber: plausibleText(get('PART_NUMBER')),
      },
    ]
  })
  return moduleEvidence('udev', populated, slots)
}
