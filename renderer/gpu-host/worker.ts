/** Entry of the GPU host's worker: serves the one port that it is given, and ends with it. */
import '../no-eval'
import { deviceProblem } from '#core/backend/device-problem'
import { serveGpu } from './serve-gpu'

addEventListener(
  'message',
  ({ ports: [port] }) => {
    if (port === undefined) return
    const lose = serveGpu(port, navigator.gpu, close)
    addEventListener('error', ({ message }) => {
      lose(deviceProblem('threadFailed', { reason: message }))
    })
    addEventListener('unhandledrejection', ({ reason }) => {
      lose(deviceProblem('threadFailed', { reason: String(reason) }))
    })
  },
  { once: true },
)
postMessage('ready')
