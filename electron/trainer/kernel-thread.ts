/** Entry of a helper thread of the CPU engine. */
import { setFlagsFromString } from 'node:v8'
import { parentPort } from 'node:worker_threads'
import { serveKernelThread } from '#core/backend/cpu/kernel-thread'

if (parentPort === null) throw new Error('kernel-thread.js runs as a worker thread only')
const parent = parentPort
setFlagsFromString('--experimental-wasm-relaxed-simd')
serveKernelThread({
  postMessage: (message) => {
    parent.postMessage(message)
  },
  onMessage: (listener) => {
    parent.on('message', listener)
  },
})
