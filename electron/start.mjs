/**
 * `npm start`: the desktop app. The first start builds it and fetches the Electron binary (behind a slow link, set
 * ELECTRON_MIRROR); where there is no binary to run, the same workbench opens in the browser.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
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

/** The binary that Electron's own package knows; fetched where it is missing. Null where that fails. */
function findElectron() {
  const require = createRequire(import.meta.url)
  try {
    const folder = dirname(require.resolve('electron/package.json'))
    const given = process.env['ELECTRON_OVERRIDE_DIST_PATH'] !== undefined
    if (!given && !existsSync(join(folder, 'path.txt'))) {
      console.error('Fetching Electron, some 120 MB, for this first start ...')
      const install = [join(folder, 'install.js')]
      // Its stack traces would bury the one sentence that is said below.
      const { status } = spawnSync(process.execPath, install, {
        stdio: ['ignore', 'inherit', 'ignore'],
      })
      if (status !== 0) return null
    }
    return require('electron')
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
    // Ctrl-C in a terminal reaches the child as well; it decides when it ends.
    const ignore = () => undefined
    const pass = () => child.kill('SIGTERM')
    process.on('SIGINT', ignore)
    process.on('SIGTERM', pass)
    child.on('error', () => resolve(1))
    child.on('exit', (code) => {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', pass)
      resolve(code ?? 1)
    })
  })
}
