import { execFile } from 'node:child_process'
import { readdir, readFile, realpath, statfs } from 'node:fs/promises'
import os from 'node:os'
import { fail, ok } from '#core/tensor/result'
import type { CommandOutput, Failure, Host, Reading } from './host'

/** No tool of ours prints more; a runaway one is cut off. */
const MAX_OUTPUT = 8 * 1024 * 1024

/** Where programs run. Windows looks for a program in this folder first: it must not be one that others write to. */
const FOLDER =
  process.platform === 'win32' ? `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32` : '/'

/** The machine this process runs on. */
export const localHost: Host = {
  platform: process.platform,
  run,
  readText: (path) => reading(readFile(path, 'utf8')),
  readBytes: (path) => reading(readFile(path)),
  list: async (path) => (await readdir(path).catch((): string[] => [])).sort(),
  resolve: (path) => realpath(path).catch(() => null),
  runtime: () => ({
    hostname: os.hostname(),
    architecture: os.arch(),
    kernel: os.release(),
    osVersion: os.version(),
    cpus: os.cpus().map(({ model, speed }) => ({ model, speed })),
    totalMemory: os.totalmem(),
    freeMemory: os.freemem(),
  }),
  disk: async (path) => {
    const stats = await reading(statfs(path))
    if (!stats.ok) return stats
    const { bsize, blocks, bavail } = stats.value
    return ok({ total: blocks * bsize, free: bavail * bsize })
  },
}

function run(
  command: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<Reading<CommandOutput>> {
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT,
        windowsHide: true,
        cwd: FOLDER,
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C', LANG: 'C' },
      },
      (error, stdout) => {
        if (error === null) resolve(ok({ stdout, exitCode: 0 }))
        else if (error.killed === true) {
          resolve(fail({ reason: 'timeout', detail: `${command}: no answer in ${timeoutMs} ms` }))
        } else if (typeof error.code === 'number') resolve(ok({ stdout, exitCode: error.code }))
        else resolve(fail(failureOf(error)))
      },
    )
  })
}

async function reading<T>(attempt: Promise<T>): Promise<Reading<T>> {
  try {
    return ok(await attempt)
  } catch (error) {
    return fail(failureOf(error))
  }
}

function failureOf(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const message = error instanceof Error ? error.message : String(error)
  // Where the reason says what is the matter, the detail need only say with what.
  const named = error instanceof Error && 'path' in error ? error.path : undefined
  const detail = typeof named === 'string' ? named : message
  if (code === 'ENOENT' || code === 'ENOTDIR') return { reason: 'missing', detail }
  if (code === 'EACCES' || code === 'EPERM') return { reason: 'denied', detail }
  return { reason: 'failed', detail: message }
}
