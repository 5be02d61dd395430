import { help } from './thread-control'
import { instantiate, type WasmMemory, type WasmModule } from './wasm/runtime'

/** The least that a worker thread's own side of its port can do. */
export interface ThreadPort {
  postMessage(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
}

/** A helper thread as its leader sees it. */
export interface KernelThread extends ThreadPort {
  /** Why the thread is gone, in a sentence; null: it is there. Needs no event: a leader in the middle of a step receives none. */
  ended(): string | null
  /** Called once the thread is gone. */
  onEnded(listener: (reason: string) => void): void
  terminate(): void
}

/** What a leader sends to put a thread to work; `ready` is the answer. */
export interface ThreadOrder {
  readonly module: WasmModule
  readonly memory: WasmMemory
  /** Address and number of the control words. */
  readonly control: number
  readonly controlWords: number
  readonly thread: number
  /** The last ticket before the thread's first step. */
  readonly ticket: number
}

export const READY = 'ready'

/** Runs in a helper thread: works for one session after the other, blocking the thread in between steps. */
export function serveKernelThread(port: ThreadPort): void {
  port.onMessage((message) => {
    // Written by thread-team.ts of the same build.
    const { module, memory, control, controlWords, thread, ticket } = message as ThreadOrder
    const kernels = Object.values(instantiate(module, memory))
    port.postMessage(READY)
    help(new Int32Array(memory.buffer, control, controlWords), thread, kernels, ticket)
  })
}
