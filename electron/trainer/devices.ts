import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Backend, DeviceName, DeviceUnavailable } from '#core/backend/backend'
import { RemoteBackend } from '#core/backend/remote-session'
import type { DeviceChoice } from '#core/contract/answers'
import type { DeviceRequest } from '#core/spec/run-spec'
import { fail, ok, type Result } from '#core/tensor/result'
import type { EngineData, EngineGreeting } from './engine-message'
import { portOfWorker } from './worker-port'

export interface ChosenDevice {
  readonly device: Exclude<DeviceName, 'webgpu'>
  /** Why this one, in words for a person. */
  readonly reason: string
}

/** A device in use. `close` ends its thread; nothing else frees it. */
export interface OpenDevice {
  readonly backend: Backend
  close(): Promise<void>
}

const NO_WEBGPU = 'WebGPU is not available yet in this version; use the device "cpu"'

/** Half the logical processors: threads that wait for one another must not share theirs with the window and the system. */
export function defaultThreads(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2))
}

export function listDevices(threads: number): readonly DeviceChoice[] {
  const unit = threads === 1 ? 'thread' : 'threads'
  return [
    { device: 'cpu', available: true, description: `WebAssembly, ${threads} ${unit}` },
    { device: 'webgpu', available: false, description: NO_WEBGPU },
    { device: 'reference', available: true, description: 'plain float64, slow, to check others' },
  ]
}

export function chooseDevice(asked: DeviceRequest): Result<ChosenDevice, DeviceUnavailable> {
  switch (asked) {
    case 'webgpu':
      return fail({ device: 'webgpu', reason: NO_WEBGPU })
    case 'auto':
      return ok({ device: 'cpu', reason: 'auto: WebGPU is not available yet, so the CPU trains' })
    case 'cpu':
    case 'reference':
      return ok({ device: asked, reason: 'asked for' })
  }
}

/** Starts the thread that computes. `script` is the built engine.js. */
export async function openDevice(
  device: ChosenDevice['device'],
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
