import type { WebSocket } from 'ws'
import * as z from 'zod'
import type { TrainerExit } from '#core/contract/desktop'
import type { TrainerChild } from './trainer-child'

/** A window that does not read what it is sent is cut off; it will come again and read the snapshot. */
const MAX_UNREAD_BYTES = 32 * 1024 * 1024
const PING_MILLISECONDS = 30_000

const callSchema = z.object({ t: z.literal('q'), i: z.string().optional(), m: z.string() })

/** The windows on their WebSockets: passes frames between them and the trainer process, and outlives that process. */
export class Windows {
  readonly trainer: TrainerChild
  private readonly sockets = new Map<string, WebSocket>()
  private readonly pinging: NodeJS.Timeout
  private nextName = 1
  private closing = false

  constructor(makeTrainer: (windows: Windows) => TrainerChild) {
    this.trainer = makeTrainer(this)
    this.trainer.launch([])
    this.pinging = setInterval(() => {
      for (const socket of this.sockets.values()) socket.ping()
    }, PING_MILLISECONDS)
    this.pinging.unref()
  }

  add(socket: WebSocket): void {
    const name = `window-${this.nextName}`
    this.nextName += 1
    this.sockets.set(name, socket)
    this.trainer.send({ client: name })
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) this.receive(name, data.toString('utf8'))
    })
    socket.on('error', () => {
      socket.terminate()
    })
    socket.on('close', () => {
      this.sockets.delete(name)
      this.trainer.send({ client: name, close: true })
    })
  }

  /** From the trainer to one window. */
  deliver(name: string, frame: string): void {
    const socket = this.sockets.get(name)
    if (socket === undefined) return
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate()
    else socket.send(frame)
  }

  trainerEnded(exit: TrainerExit): void {
    if (this.closing) return
    const frame = JSON.stringify({ t: 'q', m: 'trainerExit', a: [exit] })
    for (const name of this.sockets.keys()) this.deliver(name, frame)
  }

  async close(): Promise<void> {
    this.closing = true
    clearInterval(this.pinging)
    await this.trainer.close()
    for (const socket of this.sockets.values()) socket.close(1001, 'The server ends')
  }

  private receive(name: string, frame: string): void {
    // Long frames are documents and drawings: only the trainer reads them.
    const call = frame.length < 500 && frame.includes('relaunchTrainer') ? readCall(frame) : null
    if (call?.m === 'relaunchTrainer') {
      this.trainer.launch(this.sockets.keys())
      this.answer(name, call.i, { r: null })
    } else if (!this.trainer.send({ client: name, data: frame })) {
      const error = { name: 'Error', message: 'The trainer process has ended: start it again' }
      this.answer(name, readCall(frame)?.i, { e: error })
    }
  }

  private answer(name: string, id: string | undefined, content: object): void {
    if (id !== undefined) this.deliver(name, JSON.stringify({ t: 's', i: id, ...content }))
  }
}

function readCall(frame: string): z.output<typeof callSchema> | null {
  try {
    return callSchema.safeParse(JSON.parse(frame)).data ?? null
  } catch {
    return null
  }
}
