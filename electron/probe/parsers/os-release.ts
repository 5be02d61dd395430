import type { OsReport } from '#core/machine/report'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { completeText } from './lines'

const leaf = leavesFrom('/etc/os-release')

/** Parses os-release(5): shell-like KEY="value" lines. Null when there is neither name nor version. */
export function parseOsRelease(content: string): Part<OsReport> | null {
  const text = completeText(content)
  const value = (key: string) =>
    new RegExp(`^${key}=["']?([^"'\\n]*)["']?\\s*$`, 'm').exec(text)?.[1]?.trim()
  const name = value('NAME')
  const version = value('VERSION') ?? value('VERSION_ID')
  if (name === undefined && version === undefined) return null
  return { name: leaf(name, null, 'NAME'), version: leaf(version, null, 'VERSION') }
}
