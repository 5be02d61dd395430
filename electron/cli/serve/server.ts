import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { Access } from './access'
import { SECURITY_HEADERS } from '../../page/security-headers'
import { sendFile, sendStatus } from './static-files'
import { Windows } from './windows'
import type { TrainerChild } from './trainer-child'

/** Where windows open their WebSocket. */
const SOCKET_PATH = '/ws'
const MAX_FRAME_BYTES = 8 * 1024 * 1024

export interface ServeOptions {
  readonly host: string
  readonly port: number
  /** Folder of the built page. */
  readonly page: string
  /** Makes the trainer process; it is launched by the first window or at once, as the caller likes. */
  readonly trainer: (windows: Windows) => TrainerChild
}

export interface RunningServer {
  /** With the token. */
  readonly url: string
  readonly windows: Windows
  close(): Promise<void>
}

/** Serves the page over HTTP and the trainer over a WebSocket. Rejects with EADDRINUSE where the port is taken. */
export async function startServer({
  host,
  port,
  page,
  trainer,
}: ServeOptions): Promise<RunningServer> {
  const server = createServer()
  await listen(server, host, port)
  // A TCP server that listens has an AddressInfo.
  const { port: actualPort } = server.address() as AddressInfo
  const access = new Access(host, actualPort)
  const windows = new Windows(trainer)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES })

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
    if (!access.allows(request)) {
      sendStatus(response, 403, 'Open the address that `serve` printed, token included')
      return
    }
    if (request.url?.includes('token=') === true)
      response.setHeader('Set-Cookie', access.setCookie())
    void sendFile(page, request, response)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname !== SOCKET_PATH || !access.allows(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      windows.add(opened)
    })
  })

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}/?token=${access.token}`,
    windows,
    close: async () => {
      server.close()
      await windows.close()
      server.closeAllConnections()
    },
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
