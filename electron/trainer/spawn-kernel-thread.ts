import { Worker } from 'node:worker_threads'
import type { KernelThread } from '#core/backend/cpu/kernel-thread'
import { deviceProblem } from '#core/backend/device-problem'

/** Starts a helper thread of the CPU engine. `script` is the built kernel-thread.js. It ends with the thread that starts it. */
export function spawnKernelThread(script: URL): KernelThread {
  return kernelThreadOf(new Worker(script, { name: 'kernels' }))
}

/** `worker`, which runs kernel-thread.js, as the engine sees it. */
export function kernelThreadOf(worker: Worker): KernelThread {
  worker.unref()
  let listener: ((message: unknown) => void) | null = null
  let endListener: ((reason: string) => void) | null = null
  let failure: string | null = null
  let end: string | null = null
  // Node takes the beginning of the thread's time at the first call, which must not come too late.
  worker.once('message', () => worker.performance.eventLoopUtilization())
  worker.on('message', (message) => listener?.(message))
  worker.on('error', (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    failure = deviceProblem('threadFailed', { reason })
  })
  worker.once('exit', (code) => {
    end = failure ?? deviceProblem('threadEnded', { code })
    endListener?.(end)
  })
  return {
    postMessage: (message) => {
      worker.postMessage(message)
    },
    // One session after the other listens: the last one is meant.
    onMessage: (next) => {
      listener = next
    },
    ended: () => {
      if (end !== null) return end
      // Of a thread that has stopped, Node says that it idled for -1 ms; no other figure is known before its event.
      const { idle } = worker.performance.eventLoopUtilization()
      return idle < 0 ? deviceProblem('helperEnded', {}) : null
    },
    onEnded: (next) => {
      endListener = next
      if (end !== null) next(end)
    },
    terminate: () => {
      void worker.terminate()
    },
  }
}
