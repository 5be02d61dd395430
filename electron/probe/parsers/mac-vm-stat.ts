import type { MemoryReport } from '#core/machine/report'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { completeText } from './lines'
import { parseNumber, parsePositive } from './numbers'

const leaf = leavesFrom('vm_stat')

/**
 * Parses `vm_stat`: a page size in the first line, then "Pages free:   12345." lines. Null when one of them is
 * missing.
 */
export function parseVmStat(output: string): Part<MemoryReport> | null {
  const stdout = completeText(output)
  const page = parsePositive(/page size of (\d+) bytes/.exec(stdout)?.[1])
  const pages = (name: string) =>
    parseNumber(new RegExp(`^Pages ${name}:\\s+(\\d+)\\.`, 'm').exec(stdout)?.[1])
  const free = pages('free')
  const inactive = pages('inactive')
  const speculative = pages('speculative')
  if (page === null || free === null || inactive === null || speculative === null) return null
  const bytes = (free + inactive + speculative) * page
  return { available: leaf(bytes, 'bytes', 'free + inactive + speculative pages', 'derived') }
}
