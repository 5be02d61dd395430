import type { Code } from './wasm/instructions'
import type { ModuleBuilder } from './wasm/module-builder'

/** Where one picture of the batch is drawn: code for addresses. */
export interface DrawingPlace {
  /** Number of the row in the batch. */
  readonly row: Code
  /** The undistorted picture. */
  readonly source: Code
  /** Six int32, see drawAffineMap. */
  readonly map: Code
  /** The thread's scratch of this drawing, its bytes from `offset` on. */
  readonly scratch: (offset: number) => Code
  readonly field: Code
}

/** How a distorted picture is drawn, and what becomes of it. */
export interface Drawing {
  /** Bytes of scratch that a thread needs, zero at first. */
  readonly scratchBytes: number
  /** Offset in the scratch of the bands of `fieldFunction`; null: it writes none. */
  readonly bands: number | null
  /** Adds its functions; returns the code for one picture. makeField: code that fills the field. */
  emit(module: ModuleBuilder, elastic: boolean): (place: DrawingPlace, makeField: Code) => Code
  attach(memory: Int32Array): void
}
