import type { PowerPreference } from '#core/backend/webgpu/adapters'
import type { Dataset } from '#core/data/dataset'
import type { RunSpec } from '#core/spec/run-spec'

/** What an engine thread is told when it starts. */
export type EngineData =
  | { readonly device: 'cpu' | 'reference'; readonly threads: number }
  /** `tiles`: path of the file that remembers which tiles were fastest. `preference`: which of two GPUs. */
  | { readonly device: 'webgpu'; readonly tiles: string; readonly preference: PowerPreference }
  /** No engine: answers with the depth profile of `spec` on all training images given, and is done. */
  | { readonly device: 'profile'; readonly spec: RunSpec; readonly dataset: Dataset }

/** The first message of a CPU engine's thread; the answers to calls follow. One with a GPU speaks as GpuNews does. */
export type EngineGreeting =
  | { readonly ready: true; readonly description: string }
  | { readonly ready: false; readonly reason: string }

/** Asks an engine thread with a GPU to give its device back and to end. */
export const CLOSE_GPU = 'close-gpu'
