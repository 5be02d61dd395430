/** What a host's processes say to each other besides the trainer's calls: `window.desktop`, main, extra calls in `serve`. */
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

/** What main sends to the GPU host's window, each on the channel of its name. */
export interface GpuHostNews {
  /** Comes with the port. */
  readonly gpuPort: null
}

/** `data` of the message that brings a port to the GPU host's page. */
export interface GpuPortMessage {
  readonly type: 'gpu-port'
}

/** What main tells the trainer process, apart from its windows' ports. `id` is that of the request. */
export const mainNewsSchema = z.discriminatedUnion('type', [
  /** Comes with a window's port. */
  z.object({ type: z.literal('client') }),
  /** Write a checkpoint and end. */
  z.object({ type: z.literal('shutdown') }),
  /** Comes with a port of the GPU host. */
  z.object({ type: z.literal('gpu-port'), id: z.int() }),
  z.object({ type: z.literal('gpu-refused'), id: z.int(), reason: z.string() }),
  /** All ports of the GPU host are dead. */
  z.object({ type: z.literal('gpu-gone'), reason: z.string() }),
  /** What Chromium knows of the cards (app.getGPUInfo), unparsed; null where it knows nothing. */
  z.object({ type: z.literal('chromium-gpus'), info: z.unknown() }),
])
export type MainNews = Readonly<z.infer<typeof mainNewsSchema>>

/** What the trainer process asks of main: a port of the GPU host. */
export const gpuPortRequestSchema = z.object({ type: z.literal('gpu-request'), id: z.int() })
export type GpuPortRequest = Readonly<z.infer<typeof gpuPortRequestSchema>>

/** What `serve` answers over the WebSocket: the trainer's calls, passed on, and its own. */
export interface ServeApi extends TrainerApi {
  relaunchTrainer(): Promise<null>
}
