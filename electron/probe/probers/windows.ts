import type { Prober } from '../prober'
import { understood } from '../prober'
import { CIM_CLASSES, parseWindowsCim } from '../parsers/windows-cim'
import { DISPLAY_CLASS, parseWindowsRegistry } from '../parsers/windows-registry'

/** One PowerShell for all classes: starting it costs more than asking. wmic is gone from new Windows. */
const SCRIPT = [
  "$ErrorActionPreference='SilentlyContinue'",
  '[Console]::OutputEncoding=[System.Text.Encoding]::UTF8',
  'function Q($c,$p){$n=$p.Split(",");@(Get-CimInstance -ClassName $c -Property $n|Select-Object -Property $n)}',
  `@{${Object.entries(CIM_CLASSES)
    .map(([key, [name, properties]]) => `${key}=@(Q '${name}' '${properties}')`)
    .join(';')}}|ConvertTo-Json -Depth 4 -Compress`,
].join(';')

export const windowsCim: Prober = {
  name: 'CIM',
  platforms: ['win32'],
  async probe(host, timeoutMs) {
    const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', SCRIPT]
    const output = await host.run('powershell.exe', args, timeoutMs)
    return output.ok ? understood(parseWindowsCim(output.value.stdout), 'PowerShell') : output
  },
}

/** Keys of removed cards stay, so this describes cards without proving them. A denied subkey ends in status 1. */
export const windowsRegistry: Prober = {
  name: 'registry',
  platforms: ['win32'],
  supplements: true,
  async probe(host, timeoutMs) {
    const output = await host.run('reg.exe', ['query', DISPLAY_CLASS, '/s'], timeoutMs)
    return output.ok ? understood(parseWindowsRegistry(output.value.stdout), 'reg query') : output
  },
}
