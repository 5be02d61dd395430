import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Port } from '#core/backend/remote-session'
import { openDawn } from '../../../../electron/trainer/gpu/dawn'
import { greetedLine } from '../../../../electron/trainer/gpu/greeted-line'
import { serveDevice } from '../../../../electron/trainer/gpu/serve-gpu'
import type { GpuHost } from '../../../../electron/trainer/gpu-host'

/** The GPU host of plain Node without its thread, so that a test can take its devices away. */
export class TestGpuHost implements GpuHost {
  /** Every device that was opened, the latest last. */
  readonly devices: GPUDevice[] = []
  private readonly prepare: (device: GPUDevice) => void

  /** prepare: what a test does to each new device. */
  constructor(prepare: (device: GPUDevice) => void = () => undefined) {
    this.prepare = prepare
  }

  async open(): ReturnType<GpuHost['open']> {
    const opened = await openDawn()
    if (!opened.ok) return opened
    const { device } = opened.value
    this.prepare(device)
    this.devices.push(device)
    const { port1, port2 } = new MessageChannel()
    const line = greetedLine(portOf(port1), () => {
      device.destroy()
      port1.close()
      return Promise.resolve()
    })
    await serveDevice(portOf(port2), opened.value, { get: () => undefined, set: () => undefined })
    return line
  }

  /** The last device goes away, as when its driver is reset. */
  lose(): void {
    this.devices.at(-1)?.destroy()
  }
}

function portOf(port: MessagePort): Port {
  return {
    postMessage: (message) => {
      port.postMessage(message)
    },
    onMessage: (listener) => {
      port.on('message', listener)
    },
    onClose: (listener) => {
      port.once('close', () => {
        listener('the port was closed')
      })
    },
  }
}
