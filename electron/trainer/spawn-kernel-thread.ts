import { Worker } from 'node:worker_threads'
import type { KernelThread } from '#core/backend/cpu/kernel-thread'

/** Starts a helper thread of the CPU engine. `script` is the built kernel-thread.js. It ends with the thread that starts it. */
export function spawnKernelThread(script: URL): KernelThread {
  const worker = new Worker(script, { name: 'kernels' })
  worker.unref()
  return {
    postMessage: (message) => {
      worker.postMessage(message)
    },
    onMessage: (listener) => {
      worker.on('message', listener)
    },
    terminate: () => {
      void worker.terminate()
    },
  }
}
