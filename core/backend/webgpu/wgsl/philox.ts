import type { Piece } from './piece'

/**
 * core/tensor/philox.ts: fn philox(counter: vec4u, key: vec2u) -> vec4u, one block of four words, and
 * fn randomWord(element, step, stream, seed, domain: u32) -> u32, the word that belongs to one element. WGSL has no upper half of
 * a product; it is put together from 16-bit parts.
 */
export const philox: Piece = {
  code: `
fn multiplyHigh(a: u32, b: u32) -> u32 {
  let low = ((a & 0xffffu) * (b & 0xffffu)) >> 16u;
  let middle = (a >> 16u) * (b & 0xffffu) + low;
  let carried = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (carried >> 16u);
}
fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0u; round < 10u; round++) {
    let high0 = multiplyHigh(0xd2511f53u, c.x);
    let high1 = multiplyHigh(0xcd9e8d57u, c.z);
    c = vec4u(high1 ^ c.y ^ k.x, 0xcd9e8d57u * c.z, high0 ^ c.w ^ k.y, 0xd2511f53u * c.x);
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}
fn randomWord(element: u32, step: u32, stream: u32, seed: u32, domain: u32) -> u32 {
  return philox(vec4u(element >> 2u, step, stream, 0u), vec2u(seed, domain))[element & 3u];
}`,
}
