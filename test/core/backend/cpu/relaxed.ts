import v8 from 'node:v8'
import { supportsRelaxedSimd } from '#core/backend/cpu/relaxed-simd'
import { PLAIN_SIMD, RELAXED_SIMD, type SimdTarget } from '#core/backend/cpu/kernels/target'

// Node 20 compiles relaxed SIMD only when told to; later versions ignore the flag.
v8.setFlagsFromString('--experimental-wasm-relaxed-simd')

/** What this runtime can compile. */
export const targets: readonly SimdTarget[] = supportsRelaxedSimd()
  ? [RELAXED_SIMD, PLAIN_SIMD]
  : [PLAIN_SIMD]

export const targetName = ({ relaxed }: SimdTarget): string =>
  relaxed ? 'relaxed SIMD' : 'plain SIMD'
