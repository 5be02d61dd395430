import type { Port } from '#core/backend/remote-session'

/** One end of a MessageChannel as a session's line. */
export function portOf(port: MessagePort): Port {
  return {
    postMessage: (message) => {
      port.postMessage(message)
    },
    onMessage: (listener) => {
      port.onmessage = ({ data }) => {
        listener(data)
      }
    },
    onClose: () => undefined,
  }
}
