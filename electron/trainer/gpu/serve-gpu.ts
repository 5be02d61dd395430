import { deviceProblem } from '#core/backend/device-problem'
import { serveSession, type Port } from '#core/backend/remote-session'
import type { PowerPreference } from '#core/backend/webgpu/adapters'
import { createWebgpuBackend } from '#core/backend/webgpu/webgpu-backend'
import type { TileStore } from '#core/backend/webgpu/webgpu-options'
import type { GpuNews } from '#core/contract/gpu-host'
import { CLOSE_GPU } from '../engine-message'
import { openDawn, type DawnDevice } from './dawn'

/** Opens the GPU of this machine in this thread and serves sessions on it, until the device is lost or given back. */
export async function serveGpu(
  port: Port,
  tiles: TileStore,
  preference: PowerPreference,
): Promise<void> {
  const opened = await openDawn(preference)
  if (!opened.ok) {
    port.postMessage({ type: 'gpu-refused', reason: opened.error } satisfies GpuNews)
    return
  }
  port.onMessage((message) => {
    if (message !== CLOSE_GPU) return
    opened.value.device.destroy()
    process.exit()
  })
  await serveDevice(port, opened.value, tiles)
}

/** Greets the other side and serves sessions on a device that is open; tells when it is lost. */
export async function serveDevice(
  port: Port,
  { device, description, info }: DawnDevice,
  tiles: TileStore,
): Promise<void> {
  const say = (news: GpuNews): void => {
    port.postMessage(news)
  }
  void device.lost.then(({ message }) => {
    say({ type: 'gpu-lost', reason: message === '' ? deviceProblem('reset', {}) : message })
  })
  // Dawn's description is the driver's; a person knows the card's name.
  const adapter = { ...description, description: info.name }
  const clock = () => performance.now()
  const backend = await createWebgpuBackend({ device, adapter, tiles, clock })
  say({ type: 'gpu-ready', info: { ...info, description: backend.description } })
  serveSession(port, Promise.resolve(backend))
}
