import { createBirpc } from 'birpc'
import type { TrainerApi } from '#core/contract/answers'
import type { DesktopApi, TrainerPortMessage } from '#core/contract/desktop'
import type { WindowApi } from '#core/contract/events'
import type { Connection, ConnectionListener } from './connection'
import './window-desktop'

/** Through the port that the preload script posts to this page; a new port replaces the old one. */
export async function connectDesktop(
  desktop: DesktopApi,
  listener: ConnectionListener,
): Promise<Connection> {
  let port: MessagePort | null = null
  let receive: ((message: unknown) => void) | null = null
  let arrived: (() => void) | null = null
  const firstPort = new Promise<void>((resolve) => {
    arrived = resolve
  })

  window.addEventListener('message', (message: MessageEvent<unknown>) => {
    if (message.source !== window || !isPortMessage(message.data)) return
    const [next] = message.ports
    if (next === undefined) return
    port?.close()
    port = next
    port.onmessage = (incoming: MessageEvent<unknown>) => receive?.(incoming.data)
    if (arrived === null) listener.online(true)
    arrived?.()
    arrived = null
  })

  const local: WindowApi = { event: listener.event, trainerExit: listener.trainerExit }
  const trainer = createBirpc<TrainerApi, WindowApi>(local, {
    post: (message: unknown) => port?.postMessage(message),
    on: (handler) => {
      receive = handler
    },
    timeout: -1,
  })

  desktop.onTrainerExit((exit) => {
    void Promise.allSettled(trainer.$rejectPendingCalls())
    listener.trainerExit(exit)
  })
  desktop.requestTrainer()
  await firstPort

  return {
    host: 'desktop',
    trainer,
    relaunch: async () => {
      await desktop.relaunchTrainer()
      desktop.requestTrainer()
    },
  }
}

function isPortMessage(data: unknown): data is TrainerPortMessage {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'trainer-port'
}
