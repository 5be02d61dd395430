import type { MemoryReport } from '#core/machine/report'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { completeText } from './lines'
import { KIB, parsePositive, times } from './numbers'

const leaf = leavesFrom('/proc/meminfo')

/** Parses /proc/meminfo ("MemTotal:  24684096 kB", where kB means 1024 bytes). Null without a MemTotal. */
export function parseMeminfo(content: string): Part<MemoryReport> | null {
  const text = completeText(content)
  const bytesOf = (key: string): number | null => {
    const line = new RegExp(`^${key}:\\s*(\\d+) kB\\s*$`, 'm').exec(text)
    return times(parsePositive(line?.[1]), KIB)
  }
  const total = bytesOf('MemTotal')
  if (total === null) return null
  const available = bytesOf('MemAvailable')
  const used = available === null || available > total ? null : total - available
  return {
    total: leaf(total, 'bytes', 'MemTotal: what the kernel may use, a little less than installed'),
    available: leaf(available, 'bytes', 'MemAvailable'),
    used: leaf(used, 'bytes', 'MemTotal - MemAvailable', 'derived'),
  }
}
