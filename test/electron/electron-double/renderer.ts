/** The renderer's half: what a preload script finds in the module `electron`. It belongs to one window at a time. */
import { EventEmitter } from 'node:events'
import type { ContextBridge, IpcRenderer } from 'electron'
import { ipcMain } from './ipc-main'
import type { PortDouble } from './port'
import type { PageMessage, WebContentsDouble } from './window'

class IpcRendererDouble extends EventEmitter implements Pick<IpcRenderer, 'send' | 'invoke'> {
  private contents: WebContentsDouble | null = null
  private readonly hear = ({ channel, args, ports }: PageMessage): void => {
    this.emit(channel, { ports: ports.map((port) => new PagePort(port)) }, ...args)
  }

  /** From now on this is the renderer of `contents`. */
  attach(contents: WebContentsDouble): void {
    this.contents?.page.off('message', this.hear)
    this.contents = contents
    contents.page.on('message', this.hear)
  }

  send(channel: string, ...args: unknown[]): void {
    ipcMain.emit(channel, this.event(), ...args)
  }

  invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    return ipcMain.invoke(channel, this.event(), args)
  }

  private event(): unknown {
    if (this.contents === null) throw new Error('The renderer double belongs to no window yet')
    return { sender: this.contents, senderFrame: this.contents.mainFrame }
  }
}

/** A port as the page knows it: setting `onmessage` starts it. */
class PagePort {
  private readonly port: PortDouble
  private listener: ((event: { data: unknown }) => void) | null = null

  constructor(port: PortDouble) {
    this.port = port
    port.on('message', (event: { data: unknown }) => this.listener?.(event))
  }

  set onmessage(listener: (event: { data: unknown }) => void) {
    this.listener = listener
    this.port.start()
  }

  postMessage(message: unknown): void {
    this.port.postMessage(message)
  }

  close(): void {
    this.port.close()
  }
}

export const ipcRenderer = new IpcRendererDouble()

/** What was exposed, by name. */
export const exposed = new Map<string, unknown>()

export const contextBridge: Pick<ContextBridge, 'exposeInMainWorld'> = {
  exposeInMainWorld: (name: string, api: unknown) => {
    exposed.set(name, api)
  },
}
