import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'

const NAME = 'lock.json'
const BEAT_MILLISECONDS = 5_000
/** A lock that was not renewed for so long belongs to a dead process, whoever has its number now. */
const STALE_MILLISECONDS = 60_000

const lockSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  phase: z.enum(['running', 'paused']),
})
type Phase = z.output<typeof lockSchema>['phase']

/**
 * `lock.json` in a run's folder: which process works on the run, renewed every few seconds. It tells a run that is
 * under way from one whose process died.
 */
export class RunLock {
  private readonly path: string
  private readonly timer: NodeJS.Timeout
  private phase: Phase = 'paused'

  private constructor(path: string) {
    this.path = path
    this.timer = setInterval(() => {
      const now = new Date()
      utimes(path, now, now).catch(() => undefined)
    }, BEAT_MILLISECONDS)
    this.timer.unref()
  }

  static async take(folder: string): Promise<RunLock> {
    const lock = new RunLock(join(folder, NAME))
    await lock.write()
    return lock
  }

  async setPhase(phase: Phase): Promise<void> {
    if (phase === this.phase) return
    this.phase = phase
    await this.write()
  }

  async release(): Promise<void> {
    clearInterval(this.timer)
    await rm(this.path, { force: true })
  }

  private async write(): Promise<void> {
    const content = { pid: process.pid, host: hostname(), phase: this.phase }
    await writeFile(this.path, JSON.stringify(content))
  }
}

/** Whether a living process works on the run in `folder`, and what it does; null: nobody does. */
export async function lockHolder(folder: string): Promise<Phase | null> {
  const path = join(folder, NAME)
  try {
    const lock = lockSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    const age = Date.now() - (await stat(path)).mtimeMs
    if (age > STALE_MILLISECONDS) return null
    // Another machine's processes cannot be asked: its lock counts while it is renewed.
    return lock.host !== hostname() || isAlive(lock.pid) ? lock.phase : null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
