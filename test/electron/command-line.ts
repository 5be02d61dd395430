import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../../electron/cli.mjs', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Lines of stdout. */
  readonly lines: readonly string[]
  readonly stderr: string
}

/** The real command line in its own process; it builds itself where that is needed. */
export class CommandLine {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  private readonly lines: string[] = []
  private readonly watchers: ((line: string) => void)[] = []

  constructor(...args: readonly string[]) {
    const child = spawn(process.execPath, [launcher, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child = child
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(line)
      for (const watch of this.watchers) watch(line)
    })
    this.ended = once(child, 'close').then(() => ({
      code: child.exitCode,
      signal: child.signalCode,
      lines: this.lines,
      stderr,
    }))
  }

  /** The first line of stdout that fits, also among those already there; rejects where the process ends before. */
  line(fits: (line: string) => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const there = this.lines.find(fits)
      if (there !== undefined) resolve(there)
      this.watchers.push((line) => {
        if (fits(line)) resolve(line)
      })
      void this.ended.then(({ stderr }) => {
        reject(new Error(`The command ended before the line came. ${stderr}`))
      })
    })
  }
}

export function runCommand(...args: readonly string[]): Promise<Ended> {
  return new CommandLine(...args).ended
}

/** Builds what the tests run, which may take some seconds the first time. */
export async function ensureBuilt(): Promise<void> {
  const { code, stderr } = await runCommand('--help')
  if (code !== 0) throw new Error(`The command line cannot be built: ${stderr}`)
}
