import { spawn } from 'node:child_process'
import type { Surface } from '../command'

/** Opens the person's browser; where that fails, the printed address is still there. */
export function openInBrowser(url: string, surface: Surface): void {
  const [command, ...args] = openerFor(url)
  const opener = spawn(command, args, { stdio: 'ignore', detached: true })
  opener.on('error', () => {
    surface.tell('No browser could be opened: open the address above yourself.')
  })
  opener.unref()
}

function openerFor(url: string): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open', url]
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return ['xdg-open', url]
}
