import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Backend, DeviceName, DeviceUnavailable } from '#core/backend/backend'
import { RemoteBackend } from '#core/backend/remote-session'
import { fail, ok, type Result } from '#core/tensor/result'
import type { EngineData, EngineGreeting } from './engine-message'
import { portOfWorker } from './worker-port'

/** A device in use. `close` ends its thread; nothing else frees it. */
export interface OpenDevice {
  readonly backend: Backend
  close(): Promise<void>
}

/** Where a window is to stay smooth beside the training: all processors but one. */
export function threadsBesideWindow(): number {
  return Math.max(1, availableParallelism() - 1)
}

/** Starts the thread that computes. `script` is the built engine.js. */
export async function openDevice(
  device: Exclude<DeviceName, 'webgpu'>,
  threads: number,
  script: URL,
): Promise<Result<OpenDevice, DeviceUnavailable>> {
  const data: EngineData = { device, threads }
  const worker = new Worker(script, { workerData: data, name: `engine ${device}` })
  const port = portOfWorker(worker)
  const greeting = await new Promise<EngineGreeting>((resolve) => {
    worker.once('message', resolve)
    port.onClose((reason) => {
      resolve({ ready: false, reason })
    })
  })
  if (!greeting.ready) {
    await worker.terminate()
    return fail({ device, reason: greeting.reason })
  }
  return ok({
    backend: new RemoteBackend(device, greeting.description, port),
    close: async () => {
      await worker.terminate()
    },
  })
}
