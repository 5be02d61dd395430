import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { TrainerExit } from '#core/contract/desktop'
import { channelMessageSchema } from '../../trainer/channel-clients'

/** Longer than any checkpoint takes to write. */
const LAST_CHECKPOINT_MILLISECONDS = 30_000

/** The trainer in its own process: what a window sends goes in, what the trainer sends comes out, and its end is told. */
export class TrainerChild {
  private readonly script: URL
  private readonly env: Readonly<Record<string, string | undefined>>
  private readonly onFrame: (client: string, data: string) => void
  private readonly onExit: (exit: TrainerExit) => void
  private child: ChildProcess | null = null

  constructor(parts: {
    readonly script: URL
    readonly env: Readonly<Record<string, string | undefined>>
    readonly onFrame: (client: string, data: string) => void
    readonly onExit: (exit: TrainerExit) => void
  }) {
    this.script = parts.script
    this.env = parts.env
    this.onFrame = parts.onFrame
    this.onExit = parts.onExit
  }

  get running(): boolean {
    return this.child !== null
  }

  /** Starts the process; `clients` are the windows it will serve. No effect while it runs. */
  launch(clients: Iterable<string>): void {
    if (this.child !== null) return
    const child = fork(fileURLToPath(this.script), { env: this.env })
    this.child = child
    child.on('message', (raw) => {
      const message = channelMessageSchema.safeParse(raw)
      if (message.success && message.data.data !== undefined)
        this.onFrame(message.data.client, message.data.data)
    })
    child.once('exit', (code, signal) => {
      this.child = null
      this.onExit({ code, reason: describeExit(code, signal) })
    })
    for (const client of clients) child.send({ client })
  }

  /** Returns false where there is no process to send to. */
  send(message: { client: string; data?: string; close?: boolean }): boolean {
    if (this.child?.connected !== true) return false
    this.child.send(message)
    return true
  }

  /** Ends the process as a crash would. */
  kill(): void {
    this.child?.kill('SIGKILL')
  }

  /** Lets the trainer write a checkpoint and waits for its end. */
  async close(): Promise<void> {
    const { child } = this
    if (child === null) return
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve()
      })
    })
    child.disconnect()
    const timer = setTimeout(() => child.kill('SIGKILL'), LAST_CHECKPOINT_MILLISECONDS)
    await ended
    clearTimeout(timer)
  }
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `The trainer process was ended by ${signal}`
  return code === 0
    ? 'The trainer process ended'
    : `The trainer process ended with exit code ${String(code)}`
}
