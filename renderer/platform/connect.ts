import type { Connection, ConnectionListener } from './connection'
import { connectDesktop } from './desktop-connection'
import { connectSocket } from './socket-connection'

/** Resolves once the trainer can be asked. */
export function connect(listener: ConnectionListener): Promise<Connection> {
  return window.desktop === undefined
    ? connectSocket(listener)
    : connectDesktop(window.desktop, listener)
}
