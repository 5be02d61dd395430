import type { TrainerApi } from '#core/contract/answers'
import { mainNewsSchema } from '#core/contract/desktop'
import type { Clients } from './clients'
import type { UtilityParent } from './utility-parent'

/** `{ type: 'client' }` brings a window's MessagePort, `{ type: 'shutdown' }` asks for a checkpoint and the end. */
export function listenForPorts(
  parent: UtilityParent,
  clients: Clients,
  api: TrainerApi,
  shutdown: () => void,
): void {
  parent.on('message', ({ data, ports }) => {
    const message = mainNewsSchema.safeParse(data)
    if (!message.success) return
    if (message.data.type === 'shutdown') {
      shutdown()
      return
    }
    const port = ports[0]
    if (message.data.type !== 'client' || port === undefined) return
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
