/** Entry of the engine thread: one backend, driven over the thread's port (core/backend/remote-session.ts). */
import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import type { Backend } from '#core/backend/backend'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { supportsRelaxedSimd } from '#core/backend/cpu/relaxed-simd'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { serveSession } from '#core/backend/remote-session'
import { depthProfile } from '#core/training/depth-profile'
import type { EngineData, EngineGreeting } from './engine-message'
import { spawnKernelThread } from './spawn-kernel-thread'
import { portOfParent } from './worker-port'

if (parentPort === null) throw new Error('engine.js runs as a worker thread only')
const port = portOfParent(parentPort)
// Written by devices.ts and node-gpu-host.ts of the same build.
const data = workerData as EngineData

if (data.device === 'webgpu') {
  // Loaded where it is needed: a CPU engine starts without it.
  const { serveGpu } = await import('./gpu/serve-gpu')
  const { tileFile } = await import('./gpu/tile-file')
  await serveGpu(port, tileFile(data.tiles), data.preference)
} else if (data.device === 'profile')
  port.postMessage(depthProfile(data.spec, data.dataset, data.dataset.train.count))
else serveCpu(createBackend(data))

function serveCpu(backend: Promise<Backend>): void {
  backend.then(
    ({ description }) => {
      greet({ ready: true, description })
      serveSession(port, backend)
    },
    (error: unknown) => {
      greet({ ready: false, reason: error instanceof Error ? error.message : String(error) })
    },
  )
}

function greet(greeting: EngineGreeting): void {
  port.postMessage(greeting)
}

function createBackend({
  device,
  threads,
}: Exclude<EngineData, { device: 'webgpu' | 'profile' }>): Promise<Backend> {
  switch (device) {
    case 'reference':
      return Promise.resolve(referenceBackend)
    case 'cpu':
      // Node 20 has fused multiply-add behind a flag; newer ones do not know the flag and need none.
      setFlagsFromString('--experimental-wasm-relaxed-simd')
      return createCpuBackend({
        threads,
        relaxedSimd: supportsRelaxedSimd(),
        spawnThread: () => spawnKernelThread(new URL('./kernel-thread.js', import.meta.url)),
      })
  }
}
