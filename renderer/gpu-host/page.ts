/**
 * Entry of the GPU host's page: `window.postMessage({ type: 'gpu-port' }, origin, [port])` brings a port, and a worker
 * of its own serves it. Nothing is drawn, and the page's own thread computes nothing.
 */
import { deviceProblem } from '#core/backend/device-problem'
import type { GpuNews } from '#core/contract/gpu-host'
import { isPortMessage } from './port-message'

window.addEventListener('message', ({ source, origin, data, ports: [port] }) => {
  if (source === window && origin === location.origin && isPortMessage(data) && port !== undefined)
    startWorker(port)
})

/** The worker gets the port when it is there to take it; until then its failure can be told. */
function startWorker(port: MessagePort): void {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = () => {
    worker.postMessage(null, [port])
  }
  worker.onerror = ({ message }) => {
    worker.terminate()
    const reason = deviceProblem('threadFailed', { reason: message })
    port.postMessage({ type: 'gpu-refused', reason } satisfies GpuNews)
    port.close()
  }
}
