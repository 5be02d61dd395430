/** What a host shows to its window besides the trainer itself: `window.desktop` in Electron, extra calls in `serve`. */
import * as z from 'zod'
import type { TrainerApi } from './answers'

/** How the trainer process ended, in words for a person. `code` is null where a signal or a crash ended it. */
export interface TrainerExit {
  readonly code: number | null
  readonly reason: string
}

/**
 * `window.desktop`, exposed by the preload script.
 *
 * The port to the trainer cannot pass through contextBridge; the preload posts it to the page as
 * `window.postMessage({ type: 'trainer-port' }, origin, [port])` each time `requestTrainer` was called.
 * The port carries birpc with plain objects: TrainerApi one way, WindowApi the other.
 */
export interface DesktopApi {
  readonly info: { readonly platform: string; readonly version: string }
  /** Asks for a (new) port to the trainer, which is started where it does not run. */
  requestTrainer(): void
  /** Starts the trainer process again after it ended; resolves when a port may be requested. */
  relaunchTrainer(): Promise<void>
  /** Returns the unsubscribe. */
  onTrainerExit(listener: (exit: TrainerExit) => void): () => void
}

/** What a window may send to main, each on the channel of its name: the arguments, parsed where they arrive. */
export const desktopRequests = {
  requestTrainer: z.tuple([]),
  relaunchTrainer: z.tuple([]),
}
export type DesktopRequest = keyof typeof desktopRequests

/** What main sends to a window, each on the channel of its name. */
export interface DesktopNews {
  readonly trainerExit: TrainerExit
  /** Comes with the port. */
  readonly trainerPort: null
}

/** `data` of the message that brings the port. */
export interface TrainerPortMessage {
  readonly type: 'trainer-port'
}

/** What `serve` answers over the WebSocket: the trainer's calls, passed on, and its own. */
export interface ServeApi extends TrainerApi {
  relaunchTrainer(): Promise<null>
}
