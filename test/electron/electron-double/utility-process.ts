import { fork, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { constants } from 'node:os'
import type { Details, ForkOptions, UtilityProcess } from 'electron'
import * as z from 'zod'
import { app } from './app'
import type { PortDouble } from './port'

/** What parent-port.mjs sends: `port` null is the parent port. */
const messageSchema = z.object({
  port: z.int().nullable(),
  data: z.unknown().optional(),
  closed: z.boolean().optional(),
})

/** A real process, forked by Node, that finds itself in a utility process of Electron. */
export class UtilityProcessDouble
  extends EventEmitter
  implements Pick<UtilityProcess, 'postMessage' | 'kill' | 'pid'>
{
  readonly child: ChildProcess
  private readonly ports = new Map<number, PortDouble>()
  private nextPort = 1

  constructor(script: string, args: string[], { serviceName }: ForkOptions) {
    super()
    this.child = fork(script, args, {
      execArgv: ['--import', new URL('./parent-port.mjs', import.meta.url).href],
      serialization: 'advanced',
    })
    this.child.on('message', (raw) => {
      this.receive(raw)
    })
    this.child.once('exit', (code, signal) => {
      const exitCode = code ?? (signal === null ? 0 : constants.signals[signal])
      for (const port of this.ports.values()) port.close()
      app.emit('child-process-gone', {}, {
        type: 'Utility',
        name: serviceName ?? 'Node Utility Process',
        reason: signal !== null ? 'killed' : exitCode === 0 ? 'clean-exit' : 'abnormal-exit',
        exitCode,
      } satisfies Details)
      this.emit('exit', exitCode)
    })
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  postMessage(data: unknown, transfer: readonly unknown[] = []): void {
    // Main only ever transfers ports that the double made.
    const ports = transfer.map((port) => this.bridge(port as PortDouble))
    this.child.send({ port: null, data, ports })
  }

  kill(): boolean {
    return this.child.kill()
  }

  /** What the port is sent goes to the process, under a number. */
  private bridge(port: PortDouble): number {
    const id = this.nextPort++
    this.ports.set(id, port)
    port.on('message', ({ data }: { data: unknown }) => {
      if (this.child.connected) this.child.send({ port: id, data })
    })
    port.on('close', () => {
      if (this.ports.delete(id) && this.child.connected) this.child.send({ port: id, closed: true })
    })
    port.start()
    return id
  }

  private receive(raw: unknown): void {
    const { port, data, closed } = messageSchema.parse(raw)
    if (port === null) this.emit('message', data)
    else if (closed === true) this.ports.get(port)?.close()
    else this.ports.get(port)?.postMessage(data)
  }
}

/** Every process that was forked, the latest last. */
export const forked: UtilityProcessDouble[] = []

export const utilityProcess = {
  fork: (script: string, args: string[] = [], options: ForkOptions = {}): UtilityProcessDouble => {
    const process = new UtilityProcessDouble(script, args, options)
    forked.push(process)
    return process
  },
}
