import { completeLines } from './lines'
import { parsePositive } from './numbers'

/**
 * Parses amdgpu's pp_dpm_mclk or pp_dpm_sclk: one level a line, the present one starred, e.g.
 * "0: 96Mhz *\n1: 456Mhz\n2: 1249Mhz". Deep sleep shows as level S. MHz; null where no line says.
 */
export function parsePpDpm(text: string): {
  readonly now: number | null
  readonly max: number | null
} {
  let now: number | null = null
  let max: number | null = null
  for (const line of completeLines(text)) {
    const level = /^\s*(?:\d+|S)\s*:\s*(\d+)\s*MHz\s*(\*?)\s*$/i.exec(line)
    const clock = parsePositive(level?.[1])
    if (clock === null) continue
    if (level?.[2] === '*') now = clock
    max = Math.max(max ?? 0, clock)
  }
  return { now, max }
}
