import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Contender, Timing } from '../../electron/bench/contender'
import type { StandardNet } from '../../electron/bench/standard-nets'

export interface ChildContenderParts {
  readonly name: string
  readonly family: string
  readonly threads: number
  /** Default 'cpu'. */
  readonly device?: Contender['device']
  readonly command: string
  readonly args: readonly string[]
}

/**
 * A contender in a process of its own: it says `{"ready":true}`, then answers each net (one JSON line on stdin) with
 * `{"seconds","steps"}` (one JSON line on stdout).
 */
export class ChildContender implements Contender {
  readonly name: string
  readonly family: string
  readonly threads: number
  readonly device: Contender['device']
  private readonly child: ChildProcess
  private readonly answers: AsyncIterator<string>
  private readonly stderr: string[] = []
  private failure: Error | null = null

  constructor({ name, family, threads, device = 'cpu', command, args }: ChildContenderParts) {
    this.name = name
    this.family = family
    this.threads = threads
    this.device = device
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.child = child
    child.on('error', (error) => {
      this.failure = error
    })
    // A process that is gone is heard of by its silence on stdout.
    child.stdin.on('error', () => undefined)
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.stderr.push(text))
    this.answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  /** Rejects, with what the process said, where it cannot run. */
  async ready(): Promise<void> {
    await this.answer()
  }

  async measure(net: StandardNet): Promise<Timing> {
    this.child.stdin?.write(`${JSON.stringify(net)}\n`)
    return JSON.parse(await this.answer()) as Timing
  }

  release(): Promise<void> {
    return Promise.resolve()
  }

  async close(): Promise<void> {
    this.child.stdin?.end()
    if (this.failure !== null || this.child.exitCode !== null) return
    await once(this.child, 'exit')
  }

  private async answer(): Promise<string> {
    const { value, done } = await this.answers.next()
    if (done !== true) return value
    const said =
      this.failure?.message ?? this.stderr.join('').trim().split('\n').slice(-3).join('\n')
    throw new Error(`${this.name} ended: ${said === '' ? 'it said nothing' : said}`)
  }
}
