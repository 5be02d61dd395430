/**
 * `npm start`: the desktop app. The first start builds it and fetches the Electron binary (behind a slow link, set
 * ELECTRON_MIRROR); where there is no binary to run, the same workbench opens in the browser.
 */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)

await ensureBuilt(['main', 'preload', 'renderer'])
const electron = findElectron()
const ended = electron === null ? 'unavailable' : await runElectron(electron)
if (ended === 'unavailable') {
  console.error(
    'Electron cannot be fetched or run here (ELECTRON_MIRROR names another place to fetch it from), so the workbench opens in your browser.',
  )
  process.exitCode = await run(process.execPath, [
    fileURLToPath(new URL('cli.mjs', import.meta.url)),
    'serve',
    '--open',
  ])
} else process.exitCode = ended

/** Electron's own package knows its binary and fetches it when it is missing. */
function findElectron() {
  try {
    return createRequire(import.meta.url)('electron')
  } catch {
    return null
  }
}

/** A binary that ends badly within its first seconds never showed a window: no display, or a library is missing. */
async function runElectron(binary) {
  const started = Date.now()
  const code = await run(binary, [root, ...args])
  return code !== 0 && Date.now() - started < 5_000 ? 'unavailable' : code
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: root })
    // Ctrl-C reaches the child as well; it decides when it ends.
    const ignore = () => undefined
    process.on('SIGINT', ignore)
    child.on('error', () => resolve(1))
    child.on('exit', (code) => {
      process.off('SIGINT', ignore)
      resolve(code ?? 1)
    })
  })
}
