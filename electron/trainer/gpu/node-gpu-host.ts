import { Worker } from 'node:worker_threads'
import { TRAINS } from '#core/backend/webgpu/adapters'
import { CLOSE_GPU, type EngineData } from '../engine-message'
import type { GpuHost } from '../gpu-host'
import { portOfWorker } from '../worker-port'
import { greetedLine } from './greeted-line'

const CLOSING_MILLISECONDS = 2_000

export interface NodeGpuOptions {
  /** Built engine.js. */
  readonly engineScript: URL
  /** The file that remembers which tiles were fastest. */
  readonly tiles: string
}

/** The GPU of this machine under plain Node, in an engine thread of its own. */
export function nodeGpuHost({ engineScript, tiles }: NodeGpuOptions): GpuHost {
  return {
    open: async (preference = TRAINS) => {
      const workerData: EngineData = { device: 'webgpu', tiles, preference }
      const worker = new Worker(engineScript, { workerData, name: 'engine webgpu' })
      const line = await greetedLine(portOfWorker(worker), () => closeThread(worker))
      // A driver that hangs holds its thread; waiting for it would hang as well.
      if (!line.ok) void worker.terminate()
      return line
    },
  }
}

/** The device is given back first: a thread that ends in the middle of its work may take the driver with it. */
async function closeThread(worker: Worker): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      resolve()
    })
  })
  if (worker.threadId === -1) return
  worker.postMessage(CLOSE_GPU)
  const timer = setTimeout(() => void worker.terminate(), CLOSING_MILLISECONDS)
  await ended
  clearTimeout(timer)
}
