import type { Result } from '#core/tensor/result'

/** The machine as probers see it. Passed in, so that tests can play back a recorded machine. */
export interface Host {
  readonly platform: NodeJS.Platform
  /**
   * Runs a program without a shell and gives what it wrote to stdout, whatever its exit status: several tools
   * print a usable answer and fail. Fails when there is no such program or it takes too long.
   */
  run(command: string, args: readonly string[], timeoutMs: number): Promise<Reading<CommandOutput>>
  readText(path: string): Promise<Reading<string>>
  readBytes(path: string): Promise<Reading<Uint8Array>>
  /** Names in a folder, sorted; empty where there is no such folder. */
  list(path: string): Promise<readonly string[]>
  /** The path with links resolved, or null. */
  resolve(path: string): Promise<string | null>
  /** What Node itself knows. */
  runtime(): Runtime
  /** Size of the disk that holds the path, in bytes. */
  disk(path: string): Promise<Reading<{ readonly total: number; readonly free: number }>>
}

export interface Runtime {
  readonly hostname: string
  readonly architecture: string
  readonly kernel: string
  readonly osVersion: string
  /** One entry a thread. Speed in MHz, 0 where Node does not know it. */
  readonly cpus: readonly { readonly model: string; readonly speed: number }[]
  readonly totalMemory: number
  readonly freeMemory: number
}

export interface CommandOutput {
  readonly stdout: string
  readonly exitCode: number
}

export interface Failure {
  readonly reason: 'missing' | 'denied' | 'timeout' | 'failed'
  readonly detail: string
}

export type Reading<T> = Result<T, Failure>
