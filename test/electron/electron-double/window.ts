import { EventEmitter } from 'node:events'
import type {
  BrowserWindow as ElectronWindow,
  BrowserWindowConstructorOptions,
  Rectangle,
  WebContents,
} from 'electron'
import { app } from './app'
import type { PortDouble } from './port'

type OpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0]

/** What reached the page: `send` brings no ports. */
export interface PageMessage {
  readonly channel: string
  readonly args: readonly unknown[]
  readonly ports: readonly PortDouble[]
}

export class WebContentsDouble
  extends EventEmitter
  implements Pick<WebContents, 'send' | 'postMessage' | 'setWindowOpenHandler'>
{
  readonly mainFrame = { url: 'about:blank', parent: null }
  openHandler: OpenHandler = () => ({ action: 'allow' })
  /** The renderer's side; renderer.ts listens. */
  readonly page = new EventEmitter<{ message: [PageMessage] }>()
  private readonly ports: PortDouble[] = []

  constructor() {
    super()
    app.emit('web-contents-created', {}, this)
  }

  send(channel: string, ...args: unknown[]): void {
    this.page.emit('message', { channel, args: structuredClone(args), ports: [] })
  }

  postMessage(channel: string, message: unknown, transfer: readonly unknown[] = []): void {
    // Main only ever transfers ports that the double made.
    const ports = transfer as readonly PortDouble[]
    this.ports.push(...ports)
    this.page.emit('message', { channel, args: [structuredClone(message)], ports })
  }

  /** The page's process ends, and its ports with it. */
  end(): void {
    for (const port of this.ports.splice(0)) port.close()
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler
  }

  /** Whether the page may do what `event` (will-navigate, ...) announces. */
  allows(event: string, url: string): boolean {
    let allowed = true
    this.emit(event, {
      url,
      preventDefault: () => {
        allowed = false
      },
    })
    return allowed
  }
}

export class BrowserWindow
  extends EventEmitter
  implements
    Pick<
      ElectronWindow,
      | 'loadURL'
      | 'show'
      | 'focus'
      | 'close'
      | 'destroy'
      | 'isDestroyed'
      | 'restore'
      | 'maximize'
      | 'isMaximized'
      | 'isMinimized'
      | 'getNormalBounds'
      | 'setProgressBar'
    >
{
  private static readonly open = new Set<BrowserWindow>()
  static focused: BrowserWindow | null = null

  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.open]
  }

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.focused
  }

  readonly options: BrowserWindowConstructorOptions
  readonly webContents = new WebContentsDouble()
  bounds: Rectangle
  visible: boolean
  maximized = false
  minimized = false
  /** The latest call of setProgressBar. */
  bar: { progress: number; mode: string | undefined } | null = null

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    const { x = 0, y = 0, width = 800, height = 600, show = true } = options
    this.options = options
    this.bounds = { x, y, width, height }
    this.visible = show
    BrowserWindow.open.add(this)
  }

  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url
    return Promise.resolve()
  }

  show(): void {
    this.visible = true
  }

  focus(): void {
    BrowserWindow.focused = this
  }

  restore(): void {
    this.minimized = false
  }

  maximize(): void {
    this.maximized = true
  }

  isDestroyed(): boolean {
    return !BrowserWindow.open.has(this)
  }

  isMaximized(): boolean {
    return this.maximized
  }

  isMinimized(): boolean {
    return this.minimized
  }

  getNormalBounds(): Rectangle {
    return this.bounds
  }

  setProgressBar(progress: number, { mode }: { mode?: string } = {}): void {
    this.bar = { progress, mode }
  }

  close(): void {
    if (!BrowserWindow.open.has(this)) return
    this.emit('close', { preventDefault: () => undefined })
    this.destroy()
  }

  /** As `close`, without asking; the ports that the page had are closed. */
  destroy(): void {
    if (!BrowserWindow.open.delete(this)) return
    this.webContents.end()
    if (BrowserWindow.focused === this) BrowserWindow.focused = null
    this.emit('closed')
    if (BrowserWindow.open.size === 0 && app.state === 'ready') app.emit('window-all-closed')
  }
}

app.closeWindows = () => {
  for (const window of BrowserWindow.getAllWindows()) window.close()
}
