import { f32x4, v128, i32 } from './wasm/instructions'
import { ModuleBuilder } from './wasm/module-builder'
import { validate } from './wasm/runtime'

/**
 * Whether this runtime compiles fused multiply-add. Node 20 does so only after
 * `v8.setFlagsFromString('--experimental-wasm-relaxed-simd')`, which is for the host to call before.
 */
export function supportsRelaxedSimd(): boolean {
  const module = new ModuleBuilder()
  const one = f32x4.const(1)
  module.function([]).emit(v128.store(i32.const(0), f32x4.relaxedMadd(one, one, one)))
  return validate(module.build({ pages: 1, shared: false }))
}
