/**
 * Builds what is missing or older than its sources, so that every entry point works right after `npm ci`.
 * A build that is up to date costs some 20 ms.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const shared = ['core', 'package.json', 'electron.vite.config.ts', 'electron/build.mjs']

/** What each part is made from. */
const parts = {
  main: ['electron', ...shared],
  preload: ['electron/preload', ...shared],
  renderer: ['renderer', ...shared],
}

/** What is there once a part is built. */
const results = {
  main: 'out/main/cli.js',
  preload: 'out/preload/index.cjs',
  renderer: 'out/renderer/index.html',
}

/** @param {(keyof typeof parts)[]} wanted */
export async function ensureBuilt(wanted) {
  // A packaged app has no sources and nothing to build.
  if (!existsSync(join(root, 'electron.vite.config.ts'))) return
  if (wanted.every(isFresh)) return
  const release = await lock()
  try {
    for (const part of wanted) if (!isFresh(part)) await build(part)
  } finally {
    release()
  }
}

function isFresh(part) {
  const built = newest(join(root, results[part]))
  return parts[part].every((path) => newest(join(root, path)) < built)
}

/** Folders count as well: their time changes when a file is removed. */
function newest(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return 0
  if (!stats.isDirectory()) return stats.mtimeMs
  return readdirSync(path).reduce(
    (latest, name) => Math.max(latest, newest(join(path, name))),
    stats.mtimeMs,
  )
}

/** @param {keyof typeof parts} part */
async function build(part) {
  process.stderr.write(`Building ${part} (first use, or its sources changed) ...\n`)
  const { resolveConfig } = await import('electron-vite')
  const vite = await import('vite')
  const { config } = await resolveConfig({ root, logLevel: 'error' }, 'build', 'production')
  await vite.build({ ...config[part], logLevel: 'error' })
}

/** One build at a time, whoever asks: tests start several command lines at once. */
async function lock() {
  const path = join(root, 'out', 'building')
  mkdirSync(join(root, 'out'), { recursive: true })
  for (;;) {
    try {
      mkdirSync(path)
      writeFileSync(join(path, 'pid'), String(process.pid))
      return () => rmSync(path, { recursive: true, force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isAbandoned(path)) rmSync(path, { recursive: true, force: true })
    else await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function isAbandoned(path) {
  try {
    process.kill(Number(readFileSync(join(path, 'pid'), 'utf8')), 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
