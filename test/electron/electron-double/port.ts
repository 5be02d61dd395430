import { EventEmitter } from 'node:events'
import type { MessagePortMain } from 'electron'

/** One end of a channel: queues until it is started, and tells the other end when it closes. */
export class PortDouble
  extends EventEmitter
  implements Pick<MessagePortMain, 'postMessage' | 'start' | 'close'>
{
  private peer: PortDouble | null = null
  private waiting: unknown[] | null = []
  private closed = false

  static pair(): [PortDouble, PortDouble] {
    const pair: [PortDouble, PortDouble] = [new PortDouble(), new PortDouble()]
    pair[0].peer = pair[1]
    pair[1].peer = pair[0]
    return pair
  }

  postMessage(message: unknown): void {
    const { peer } = this
    const copy = structuredClone(message)
    queueMicrotask(() => {
      peer?.receive(copy)
    })
  }

  start(): void {
    const waiting = this.waiting ?? []
    this.waiting = null
    for (const data of waiting) this.emit('message', { data, ports: [] })
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    const { peer } = this
    queueMicrotask(() => {
      this.emit('close')
      peer?.close()
    })
  }

  private receive(data: unknown): void {
    if (this.closed) return
    if (this.waiting === null) this.emit('message', { data, ports: [] })
    else this.waiting.push(data)
  }
}

/** As in Electron, `new` makes a channel. */
export class MessageChannelMain {
  readonly port1: PortDouble
  readonly port2: PortDouble

  constructor() {
    ;[this.port1, this.port2] = PortDouble.pair()
  }
}
