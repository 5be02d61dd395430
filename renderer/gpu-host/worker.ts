/** Entry of the GPU host's worker: serves the one port that it is given, and ends with it. */
import '../no-eval'
import { serveGpu } from './serve-gpu'

addEventListener(
  'message',
  ({ ports: [port] }) => {
    if (port === undefined) return
    const lose = serveGpu(port, navigator.gpu, close)
    addEventListener('error', ({ message }) => {
      lose(`The thread that computes on the GPU failed: ${message}`)
    })
    addEventListener('unhandledrejection', ({ reason }) => {
      lose(`The thread that computes on the GPU failed: ${String(reason)}`)
    })
  },
  { once: true },
)
postMessage('ready')
