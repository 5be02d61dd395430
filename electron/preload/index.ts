/** Exposes `window.desktop`, and hands the trainer's port on to the page. No logic lives here. */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import type {
  DesktopApi,
  DesktopNews,
  DesktopRequest,
  TrainerExit,
  TrainerPortMessage,
} from '#core/contract/desktop'

// Node's types know no window, and this room no DOM types; this is all that is used of it.
declare const window: {
  readonly location: { readonly origin: string }
  postMessage(message: TrainerPortMessage, origin: string, ports: IpcRendererEvent['ports']): void
}

const VERSION_ARGUMENT = '--workbench-version='

const desktop: DesktopApi = {
  info: {
    platform: process.platform,
    version:
      process.argv
        .find((argument) => argument.startsWith(VERSION_ARGUMENT))
        ?.slice(VERSION_ARGUMENT.length) ?? '',
  },
  requestTrainer: () => {
    ipcRenderer.send('requestTrainer' satisfies DesktopRequest)
  },
  relaunchTrainer: async () => {
    await ipcRenderer.invoke('relaunchTrainer' satisfies DesktopRequest)
  },
  onTrainerExit: (listener) => {
    const hear = (_event: IpcRendererEvent, exit: TrainerExit) => {
      listener(exit)
    }
    ipcRenderer.on('trainerExit' satisfies keyof DesktopNews, hear)
    return () => {
      ipcRenderer.off('trainerExit' satisfies keyof DesktopNews, hear)
    }
  },
}

ipcRenderer.on('trainerPort' satisfies keyof DesktopNews, ({ ports }) => {
  window.postMessage({ type: 'trainer-port' }, window.location.origin, ports)
})
contextBridge.exposeInMainWorld('desktop', desktop)
