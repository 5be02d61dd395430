import type { MessagePort, Worker } from 'node:worker_threads'
import { deviceProblem } from '#core/backend/device-problem'
import type { Port } from '#core/backend/remote-session'

/** This side of a worker thread. The port closes when the thread ends, whatever the cause. */
export function portOfWorker(worker: Worker): Port {
  let reason: string | null = null
  return {
    postMessage: (message) => {
      worker.postMessage(message)
    },
    onMessage: (listener) => {
      worker.on('message', listener)
    },
    onClose: (listener) => {
      worker.on('error', (error) => {
        const message = error instanceof Error ? error.message : String(error)
        reason = deviceProblem('threadFailed', { reason: message })
      })
      worker.once('exit', (code) => {
        listener(reason ?? deviceProblem('threadEnded', { code }))
      })
    },
  }
}

/** The thread's own side. */
export function portOfParent(parent: MessagePort): Port {
  return {
    postMessage: (message) => {
      parent.postMessage(message)
    },
    onMessage: (listener) => {
      parent.on('message', listener)
    },
    onClose: (listener) => {
      parent.once('close', () => {
        listener('The thread that drives this engine is gone')
      })
    },
  }
}
