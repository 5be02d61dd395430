/** Hands the ports that main sends on to the GPU host's page, and exposes nothing. */
import { ipcRenderer, type IpcRendererEvent } from 'electron'
import type { GpuHostNews, GpuPortMessage } from '#core/contract/desktop'

// Node's types know no window, and this room no DOM types; this is all that is used of it.
declare const window: {
  readonly location: { readonly origin: string }
  postMessage(message: GpuPortMessage, origin: string, ports: IpcRendererEvent['ports']): void
}

ipcRenderer.on('gpuPort' satisfies keyof GpuHostNews, ({ ports }) => {
  window.postMessage({ type: 'gpu-port' }, window.location.origin, ports)
})
