import * as z from 'zod'
import type { TrainerApi } from '#core/contract/answers'
import type { Clients } from './clients'

/** The parts of Electron's MessagePortMain and utilityProcess parent port that are used here. */
interface UtilityPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  start(): void
}
interface UtilityParent {
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly UtilityPort[] }) => void,
  ): void
}

const messageSchema = z.object({ type: z.enum(['client', 'shutdown']) })

/** The parent port, if this is a utility process of Electron. */
export function utilityParent(): UtilityParent | null {
  // Electron sets process.parentPort in utility processes and nowhere else.
  const { parentPort } = process as { parentPort?: UtilityParent }
  return parentPort ?? null
}

/** `{ type: 'client' }` brings a window's MessagePort, `{ type: 'shutdown' }` asks for a checkpoint and the end. */
export function listenForPorts(
  parent: UtilityParent,
  clients: Clients,
  api: TrainerApi,
  shutdown: () => void,
): void {
  parent.on('message', ({ data, ports }) => {
    const message = messageSchema.safeParse(data)
    if (!message.success) return
    if (message.data.type === 'shutdown') {
      shutdown()
      return
    }
    const port = ports[0]
    if (port === undefined) return
    const disconnect = clients.add(
      {
        send: (frame) => {
          port.postMessage(frame)
        },
        onMessage: (listener) => {
          port.on('message', (event) => {
            listener(event.data)
          })
        },
      },
      api,
    )
    port.on('close', disconnect)
    port.start()
  })
}
