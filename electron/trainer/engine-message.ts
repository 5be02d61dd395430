import type { DeviceName } from '#core/backend/backend'

/** What an engine thread is told when it starts. */
export interface EngineData {
  readonly device: Exclude<DeviceName, 'webgpu'>
  readonly threads: number
}

/** The first message of an engine thread; the answers to calls follow. */
export type EngineGreeting =
  | { readonly ready: true; readonly description: string }
  | { readonly ready: false; readonly reason: string }
