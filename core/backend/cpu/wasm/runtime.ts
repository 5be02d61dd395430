/*
 * The part of the WebAssembly API that the engine needs. It belongs to the DOM types, which core does not have, but
 * every host provides it.
 */

export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer
}

/** Compiled code; can be posted to other threads. */
export type WasmModule = object

export type WasmFunction = (...parameters: number[]) => void

interface WasmInstance {
  readonly exports: Readonly<Record<string, WasmFunction>>
}

interface WasmRuntime {
  readonly Memory: new (limits: {
    initial: number
    maximum?: number
    shared?: boolean
  }) => WasmMemory
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => WasmInstance
  validate(bytes: Uint8Array<ArrayBuffer>): boolean
}

function runtime(): WasmRuntime {
  return (globalThis as unknown as { WebAssembly: WasmRuntime }).WebAssembly
}

export const PAGE_BYTES = 65536

export function createMemory(pages: number, shared: boolean): WasmMemory {
  const { Memory } = runtime()
  return new Memory(shared ? { initial: pages, maximum: pages, shared } : { initial: pages })
}

export function compile(bytes: Uint8Array<ArrayBuffer>): WasmModule {
  return new (runtime().Module)(bytes)
}

export function validate(bytes: Uint8Array<ArrayBuffer>): boolean {
  return runtime().validate(bytes)
}

/** The module's exported functions over `memory`. */
export function instantiate(
  module: WasmModule,
  memory: WasmMemory,
): Readonly<Record<string, WasmFunction>> {
  return new (runtime().Instance)(module, { env: { memory } }).exports
}
