import { BrowserWindow, MessageChannelMain, type App, type MessagePortMain } from 'electron'
import { deviceProblem } from '#core/backend/device-problem'
import type { GpuHostNews } from '#core/contract/desktop'
import { fail, ok, type Result } from '#core/tensor/result'

/**
 * The hidden, sandboxed window whose workers compute on Chromium's WebGPU (renderer/gpu-host/). It is opened when a port
 * is asked for, and again when it is asked for after a crash.
 */
export class GpuWindow {
  private readonly page: string
  private readonly preload: string
  private readonly onGone: (reason: string) => void
  private current: { readonly window: BrowserWindow; readonly loaded: Promise<void> } | null = null

  constructor(parts: {
    readonly app: App
    /** Address of the GPU host's page. */
    readonly page: string
    /** Its built preload script. */
    readonly preload: string
    /** Everything that ran in the window is lost, for a reason in words for a person. */
    readonly onGone: (reason: string) => void
  }) {
    this.page = parts.page
    this.preload = parts.preload
    this.onGone = parts.onGone
    parts.app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
      if (type === 'GPU' && reason !== 'clean-exit')
        this.lose(deviceProblem('gpuProcessEnded', { reason, code: exitCode }))
    })
  }

  /** One end of a new line to the window; a worker of its own serves the other. */
  async connect(): Promise<Result<MessagePortMain, string>> {
    const { window, loaded } = (this.current ??= this.open())
    try {
      await loaded
    } catch (error) {
      // Once this one was lost, the present one is another.
      if (!window.isDestroyed()) this.close()
      const reason = error instanceof Error ? error.message : String(error)
      return fail(deviceProblem('windowFailed', { reason }))
    }
    if (window.isDestroyed()) return fail(deviceProblem('windowClosed', {}))
    const { port1, port2 } = new MessageChannelMain()
    window.webContents.postMessage('gpuPort' satisfies keyof GpuHostNews, null, [port2])
    return ok(port1)
  }

  /** Ends what runs in it, without a word. */
  close(): void {
    const window = this.current?.window
    this.current = null
    if (window?.isDestroyed() === false) window.destroy()
  }

  private open(): { readonly window: BrowserWindow; readonly loaded: Promise<void> } {
    const window = new BrowserWindow({
      show: false,
      skipTaskbar: true,
      width: 200,
      height: 100,
      webPreferences: {
        preload: this.preload,
        backgroundThrottling: false,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
      },
    })
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (this.current?.window === window)
        this.lose(deviceProblem('windowProcessEnded', { reason, code: exitCode }))
    })
    window.on('closed', () => {
      if (this.current?.window === window) this.lose(deviceProblem('windowClosed', {}))
    })
    return { window, loaded: window.loadURL(this.page) }
  }

  private lose(reason: string): void {
    if (this.current === null) return
    this.close()
    this.onGone(reason)
  }
}
