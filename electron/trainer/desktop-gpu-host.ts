import { deviceProblem } from '#core/backend/device-problem'
import type { PowerPreference } from '#core/backend/webgpu/adapters'
import { mainNewsSchema, type GpuPortRequest } from '#core/contract/desktop'
import { gpuNewsSchema, type GpuInfo, type GpuNews, type GpuRequest } from '#core/contract/gpu-host'
import { fail, ok, type Result } from '#core/tensor/result'
import type { GpuHost, GpuLine } from './gpu-host'
import type { UtilityParent, UtilityPort } from './utility-parent'
import { withoutSharedMemory } from './without-shared-memory'

/** A window, a worker and a device; a GPU that is not there by then has a driver that hangs. */
const PATIENCE_MILLISECONDS = 30_000
/** Why a port closed comes on another way, from main. */
const REASON_FOLLOWS_MILLISECONDS = 500

/** Where measured tiles are kept. */
interface KnownTiles {
  all(): Readonly<Record<string, string>>
  set(key: string, value: string): void
}

/** The hidden window of the desktop app, through ports that main brings. */
export function desktopGpuHost(parent: UtilityParent, tiles: KnownTiles): GpuHost {
  let nextId = 1
  const asked = new Map<number, (answer: Result<UtilityPort, string>) => void>()
  const lines = new Set<WindowLine>()
  parent.on('message', ({ data, ports: [port] }) => {
    const news = mainNewsSchema.safeParse(data)
    if (!news.success) return
    switch (news.data.type) {
      case 'client':
      case 'shutdown':
      case 'chromium-gpus':
        return
      case 'gpu-port':
        if (port !== undefined) answer(news.data.id, ok(port))
        return
      case 'gpu-refused':
        answer(news.data.id, fail(news.data.reason))
        return
      case 'gpu-gone':
        for (const line of lines) line.lose(news.data.reason)
    }
  })

  return {
    open: async (preference) => {
      const port = await new Promise<Result<UtilityPort, string>>((resolve) => {
        const id = nextId++
        asked.set(id, resolve)
        parent.postMessage({ type: 'gpu-request', id } satisfies GpuPortRequest)
      })
      if (!port.ok) return port
      const line = new WindowLine(port.value, tiles, () => lines.delete(line))
      lines.add(line)
      return line.greeted(preference)
    },
  }

  function answer(id: number, result: Result<UtilityPort, string>): void {
    asked.get(id)?.(result)
    asked.delete(id)
  }
}

/** One port, from its greeting to its end. */
class WindowLine {
  private readonly port: UtilityPort
  private readonly tiles: KnownTiles
  private readonly onEnd: () => void
  private readonly listeners: ((message: unknown) => void)[] = []
  private readonly closers: ((reason: string) => void)[] = []
  private greet: (info: Result<GpuInfo, string>) => void = () => undefined
  private ended = false

  constructor(port: UtilityPort, tiles: KnownTiles, onEnd: () => void) {
    this.port = port
    this.tiles = tiles
    this.onEnd = onEnd
    port.on('message', ({ data }) => {
      const news = gpuNewsSchema.safeParse(data)
      if (news.success) this.hear(news.data)
      else for (const listener of this.listeners) listener(data)
    })
    port.on('close', () => {
      setTimeout(() => {
        this.lose(deviceProblem('windowGone', {}))
      }, REASON_FOLLOWS_MILLISECONDS)
    })
  }

  async greeted(preference?: PowerPreference): Promise<Result<GpuLine, string>> {
    const info = await new Promise<Result<GpuInfo, string>>((resolve) => {
      const timer = setTimeout(() => {
        this.lose(deviceProblem('silent', { seconds: PATIENCE_MILLISECONDS / 1000 }))
      }, PATIENCE_MILLISECONDS)
      this.greet = (info) => {
        clearTimeout(timer)
        resolve(info)
      }
      this.port.start()
      this.ask({
        type: 'gpu-open',
        tiles: this.tiles.all(),
        ...(preference === undefined ? {} : { powerPreference: preference }),
      })
    })
    if (!info.ok) return info
    return ok({
      info: info.value,
      port: {
        postMessage: (message) => {
          this.port.postMessage(withoutSharedMemory(message))
        },
        onMessage: (listener) => {
          this.listeners.push(listener)
        },
        onClose: (listener) => {
          this.closers.push(listener)
        },
      },
      close: () => {
        this.ask({ type: 'gpu-close' })
        this.lose(deviceProblem('givenBack', {}))
        return Promise.resolve()
      },
    })
  }

  /** Everybody who waits for the device hears that it is gone. */
  lose(reason: string): void {
    if (this.ended) return
    this.ended = true
    this.greet(fail(reason))
    for (const closer of this.closers) closer(reason)
    this.port.close()
    this.onEnd()
  }

  private hear(news: GpuNews): void {
    switch (news.type) {
      case 'gpu-ready':
        this.greet(ok(news.info))
        return
      case 'gpu-tile':
        this.tiles.set(news.key, news.value)
        return
      case 'gpu-refused':
      case 'gpu-lost':
        this.lose(news.reason)
    }
  }

  private ask(request: GpuRequest): void {
    this.port.postMessage(request)
  }
}
