import { deviceProblem } from '#core/backend/device-problem'
import { serveSession, type Port } from '#core/backend/remote-session'
import { createWebgpuBackend } from '#core/backend/webgpu/webgpu-backend'
import { TRAINS, type PowerPreference } from '#core/backend/webgpu/adapters'
import type { TileStore } from '#core/backend/webgpu/webgpu-options'
import { gpuRequestSchema, type GpuNews } from '#core/contract/gpu-host'
import { openGpu } from './open-gpu'

/** The GPU also paints the window: what it is given at once must leave room for a frame of 16 ms. */
const SUBMIT_MILLISECONDS = 8
/** A lost device breaks the calls that wait for it; that it is lost may be told a little later. */
const LOSS_FOLLOWS_MILLISECONDS = 100

/**
 * Gives `port` a device when it asks, and serves sessions on it until one of the two is gone; then `onEnd` is called.
 * The function that is returned gives the device up, for a reason that the other side is told.
 */
export function serveGpu(
  port: MessagePort,
  gpu: GPU | undefined,
  onEnd: () => void,
): (reason: string) => void {
  const callListeners: ((call: unknown) => void)[] = []
  let device: GPUDevice | null = null
  let ended = false

  port.addEventListener('message', ({ data }) => {
    const request = gpuRequestSchema.safeParse(data)
    if (!request.success) for (const listener of callListeners) listener(data)
    else if (request.data.type === 'gpu-close') end(null)
    else void open(request.data.tiles, request.data.powerPreference)
  })
  port.addEventListener('close', () => {
    end(null)
  })
  port.start()
  return (reason) => {
    end({ type: 'gpu-lost', reason })
  }

  function say(news: GpuNews): void {
    port.postMessage(news)
  }

  function end(lastWords: GpuNews | null): void {
    if (ended) return
    ended = true
    if (lastWords !== null) say(lastWords)
    device?.destroy()
    port.close()
    onEnd()
  }

  async function open(
    tiles: Readonly<Record<string, string>>,
    preference: PowerPreference = TRAINS,
  ): Promise<void> {
    const opened = await openGpu(gpu, preference)
    if (!opened.ok) {
      end({ type: 'gpu-refused', reason: opened.error })
      return
    }
    const { info, description } = opened.value
    device = opened.value.device
    if (ended) {
      device.destroy()
      return
    }
    void device.lost.then(({ message }) => {
      end({ type: 'gpu-lost', reason: message === '' ? deviceProblem('reset', {}) : message })
    })
    const backend = await createWebgpuBackend({
      device,
      adapter: description,
      submitMilliseconds: SUBMIT_MILLISECONDS,
      tiles: tileStore(tiles),
      clock: () => performance.now(),
    })
    say({ type: 'gpu-ready', info: { ...info, description: backend.description } })
    serveSession(sessionPort(device), Promise.resolve(backend))
  }

  function tileStore(known: Readonly<Record<string, string>>): TileStore {
    const tiles = new Map(Object.entries(known))
    return {
      get: (key) => tiles.get(key),
      set: (key, value) => {
        tiles.set(key, value)
        say({ type: 'gpu-tile', key, value })
      },
    }
  }

  /** What a lost device breaks is not answered: the loss is. */
  function sessionPort({ lost }: GPUDevice): Port {
    return {
      postMessage: (answer) => {
        if (!isFailure(answer)) {
          port.postMessage(answer)
          return
        }
        const patience = new Promise((resolve) => setTimeout(resolve, LOSS_FOLLOWS_MILLISECONDS))
        void Promise.race([lost, patience]).then(() => {
          if (!ended) port.postMessage(answer)
        })
      },
      onMessage: (listener) => {
        callListeners.push(listener)
      },
      onClose: () => undefined,
    }
  }
}

function isFailure(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === false
}
