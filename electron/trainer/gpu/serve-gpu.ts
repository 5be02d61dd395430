import type { Backend } from '#core/backend/backend'
import { serveSession, type Port } from '#core/backend/remote-session'
import type { GpuNews } from '#core/contract/gpu-host'
import { CLOSE_GPU } from '../engine-message'
import { openDawn } from './dawn'

/** Opens the GPU of this machine in this thread and serves sessions on it, until the device is lost or given back. */
export async function serveGpu(port: Port): Promise<void> {
  const say = (news: GpuNews): void => {
    port.postMessage(news)
  }
  const opened = await openDawn()
  if (!opened.ok) {
    say({ type: 'gpu-refused', reason: opened.error })
    return
  }
  const { device, info } = opened.value
  void device.lost.then(({ message }) => {
    say({ type: 'gpu-lost', reason: message })
  })
  port.onMessage((message) => {
    if (message !== CLOSE_GPU) return
    device.destroy()
    process.exit()
  })
  const backend = Promise.reject<Backend>(new Error('There are no kernels yet'))
  say({ type: 'gpu-ready', info: { ...info, description: info.name } })
  serveSession(port, backend)
}
