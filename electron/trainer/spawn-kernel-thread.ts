import { Worker } from 'node:worker_threads'
import type { KernelThread } from '#core/backend/cpu/kernel-thread'

/** Starts a helper thread of the CPU engine. `script` is the built kernel-thread.js. It ends with the thread that starts it. */
export function spawnKernelThread(script: URL): KernelThread {
  const worker = new Worker(script, { name: 'kernels' })
  worker.unref()
  let listener: ((message: unknown) => void) | null = null
  worker.on('message', (message) => listener?.(message))
  return {
    postMessage: (message) => {
      worker.postMessage(message)
    },
    // One session after the other listens: the last one is meant.
    onMessage: (next) => {
      listener = next
    },
    terminate: () => {
      void worker.terminate()
    },
  }
}
