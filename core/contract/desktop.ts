/** What a host shows to its window besides the trainer itself: `window.desktop` in Electron, extra calls in `serve`. */
import type { TrainerApi } from './answers'

/** How the trainer process ended, in words for a person. `code` is null where a signal or a crash ended it. */
export interface TrainerExit {
  readonly code: number | null
  readonly reason: string
}

/** What the taskbar, the dock and the power-save blocker need to know. */
export interface TaskbarState {
  /** Training: the system must not sleep. */
  readonly busy: boolean
  /** 0..1, or null for no bar. */
  readonly progress: number | null
}

/**
 * `window.desktop`, exposed by the preload script.
 *
 * The port to the trainer cannot pass through contextBridge; the preload posts it to the page as
 * `window.postMessage({ type: 'trainer-port' }, origin, [port])` each time `requestTrainer` was called or the
 * trainer was started anew. The port carries birpc with plain objects: TrainerApi one way, WindowApi the other.
 */
export interface DesktopApi {
  readonly info: { readonly platform: string; readonly version: string }
  /** Asks for a (new) port to the trainer. */
  requestTrainer(): void
  /** Starts the trainer process again after it ended; resolves when a port may be requested. */
  relaunchTrainer(): Promise<void>
  /** Returns the unsubscribe. */
  onTrainerExit(listener: (exit: TrainerExit) => void): () => void
  setTaskbar(state: TaskbarState): void
}

/** `data` of the message that brings the port. */
export interface TrainerPortMessage {
  readonly type: 'trainer-port'
}

/** What `serve` answers over the WebSocket: the trainer's calls, passed on, and its own. */
export interface ServeApi extends TrainerApi {
  relaunchTrainer(): Promise<null>
}
