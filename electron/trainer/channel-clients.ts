import * as z from 'zod'
import type { TrainerApi } from '#core/contract/answers'
import type { Clients } from './clients'

/**
 * What passes between `serve` and the trainer it forked, both ways: frames of the window named `client` as JSON text.
 * Without `data` the window is announced, or with `close` gone.
 */
export const channelMessageSchema = z.object({
  client: z.string(),
  data: z.string().optional(),
  close: z.boolean().optional(),
})

interface ChannelClient {
  readonly listeners: ((message: unknown) => void)[]
  readonly disconnect: () => void
}

/** Serves windows over this child process's channel; when the parent is gone, asks for a checkpoint and the end. */
export function listenOnChannel(clients: Clients, api: TrainerApi, shutdown: () => void): void {
  const connected = new Map<string, ChannelClient>()
  process.on('message', (raw) => {
    const message = channelMessageSchema.safeParse(raw)
    if (!message.success) return
    const { client: id, data, close } = message.data
    if (close === true) {
      connected.get(id)?.disconnect()
      connected.delete(id)
      return
    }
    const client = connected.get(id) ?? connect(id)
    if (data === undefined) return
    const frame = parseJson(data)
    for (const listener of client.listeners) listener(frame)
  })
  process.once('disconnect', shutdown)
  process.once('SIGTERM', shutdown)
  // Ctrl-C in a terminal reaches this process too; the parent decides when it ends.
  process.on('SIGINT', () => undefined)

  function connect(id: string): ChannelClient {
    const listeners: ChannelClient['listeners'] = []
    const disconnect = clients.add(
      {
        send: (frame) => {
          if (process.connected)
            process.send?.(
              { client: id, data: JSON.stringify(frame) },
              undefined,
              {},
              ignoreFailure,
            )
        },
        onMessage: (listener) => {
          listeners.push(listener)
        },
      },
      api,
    )
    const client = { listeners, disconnect }
    connected.set(id, client)
    return client
  }
}

/** A frame that cannot be sent has no reader: the parent is gone, and 'disconnect' says so. */
function ignoreFailure(): void {
  return undefined
}

/** Null for text that is no JSON; whoever reads frames ignores it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
