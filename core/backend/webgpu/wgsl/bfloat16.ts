import type { Piece } from './piece'

/** fn toBfloat16(x), fn toBfloat16s(quad): the nearest number that bfloat16 holds, ties to even (core/optim/bfloat16.ts). */
export const bfloat16: Piece = {
  code: `
fn toBfloat16(x: f32) -> f32 {
  let word = bitcast<u32>(x);
  let rounded = (word + 0x7fffu + ((word >> 16u) & 1u)) & 0xffff0000u;
  return bitcast<f32>(select(rounded, word, (word & 0x7f800000u) == 0x7f800000u));
}
fn toBfloat16s(x: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(toBfloat16(x.x), toBfloat16(x.y), toBfloat16(x.z), toBfloat16(x.w));
}`,
}
