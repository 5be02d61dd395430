import { createBirpc } from 'birpc'
import type { ServeApi } from '#core/contract/desktop'
import type { WindowApi } from '#core/contract/events'
import type { Connection, ConnectionListener } from './connection'

const tokenKey = 'token'
const slowestRetry = 5000

/** Over the WebSocket of `serve`, JSON text frames; a lost line is taken up again, ever more slowly up to 5 s. */
export async function connectSocket(listener: ConnectionListener): Promise<Connection> {
  const url = socketUrl()
  let socket: WebSocket | null = null
  let receive: ((message: unknown) => void) | null = null
  let retryAfter = 250
  let arrived: (() => void) | null = null
  const firstLine = new Promise<void>((resolve) => {
    arrived = resolve
  })

  const local: WindowApi = { event: listener.event, trainerExit: listener.trainerExit }
  const serve = createBirpc<ServeApi, WindowApi>(local, {
    post: (message: string) => {
      if (socket?.readyState !== WebSocket.OPEN) throw new Error('The line to the trainer is down.')
      socket.send(message)
    },
    on: (handler) => {
      receive = handler
    },
    serialize: (message: unknown) => JSON.stringify(message),
    deserialize: (frame: string): unknown => JSON.parse(frame),
    timeout: -1,
  })

  const open = () => {
    const next = new WebSocket(url)
    socket = next
    next.onmessage = (frame: MessageEvent<unknown>) => receive?.(frame.data)
    next.onopen = () => {
      retryAfter = 250
      if (arrived === null) listener.online(true)
      arrived?.()
      arrived = null
    }
    next.onclose = () => {
      void Promise.allSettled(serve.$rejectPendingCalls())
      listener.online(false)
      setTimeout(open, retryAfter)
      retryAfter = Math.min(retryAfter * 2, slowestRetry)
    }
  }
  open()
  await firstLine

  return {
    host: 'serve',
    trainer: serve,
    relaunch: async () => {
      await serve.relaunchTrainer()
    },
  }
}

/** The token comes in the address and is kept, so that an address without it works in the same tab. */
function socketUrl(): string {
  const page = new URL(location.href)
  const given = page.searchParams.get(tokenKey)
  if (given !== null) sessionStorage.setItem(tokenKey, given)
  const socket = new URL('/ws', page)
  socket.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
  const token = given ?? sessionStorage.getItem(tokenKey)
  if (token !== null) socket.searchParams.set(tokenKey, token)
  return socket.href
}
