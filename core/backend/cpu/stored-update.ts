import type { StoredParameter } from './parameter-store'
import type { Code } from './wasm/instructions'

/** Code that updates a part of a parameter, for the kernels that make its gradient. */
export type StoredUpdate = (
  parameter: StoredParameter,
) => (gradient: Code, offset: Code, bytes: Code) => Code
