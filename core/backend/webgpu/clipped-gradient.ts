import type { Matrix } from './arena-layout'
import type { ParameterLayout } from './parameter-layout'
import { f32, u32 } from './wgsl/piece'

/** torch's clip_grad_norm_, then clip_grad_value_; `partials` add up to the square of the norm of all gradients. */
export interface Clipping {
  readonly value: number | null
  readonly norm: { readonly limit: number; readonly partials: Matrix } | null
}

/** fn gradientAt(at), `at` from the start of the gradients' region, for kernels that see floats and called prepare() first. */
export function clippedGradient({ gradients }: ParameterLayout, { value, norm }: Clipping): string {
  const shrunk = `arena[base + ${u32(gradients)} + at]${norm === null ? '' : ' * shrink'}`
  const limited = value === null ? shrunk : `clamp(${shrunk}, ${f32(-value)}, ${f32(value)})`
  const measure =
    norm === null
      ? ''
      : `var total = 0.0;
  for (var i = 0u; i < ${u32(norm.partials.width)}; i++) { total += arena[base + ${u32(norm.partials.offset)} + i]; }
  shrink = min(1.0, ${f32(norm.limit)} / (sqrt(total) + 1e-6));`
  return `var<private> shrink: f32;
fn prepare() { ${measure} }
fn gradientAt(at: u32) -> f32 { return ${limited}; }`
}
