/*
 * Philox4x32-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): 128 bits of
 * counter and 64 bits of key become four words, without any state. Word number `element` of a draw can therefore be
 * made by any thread of any device, in any order, and a resumed run makes the same ones. 32-bit integers only.
 *
 * Layout, the same in TypeScript, WebAssembly and WGSL:
 *   key     = [seed, domain]                        what the words are for: see `domains`
 *   counter = [element >> 2, step, stream, 0]       the word is result[element & 3]
 * dropout, rrelu: element = index in the layer's output [N, F], step = optimizer steps taken before this one,
 *                 stream = number of the layer among all layers of the model, from 0 in the order of the document
 * augmentation:   element = as data/augment.ts uses them up, step = epoch, stream = index of the image
 */

/** Second word of the key, so that no two purposes share words. */
export const domains = { dropout: 1, rrelu: 2, augmentation: 3 } as const
export type PhiloxDomain = (typeof domains)[keyof typeof domains]

/** What one sequence of words belongs to. All are unsigned 32-bit integers. */
export interface PhiloxDraw {
  readonly seed: number
  readonly domain: PhiloxDomain
  readonly stream: number
  readonly step: number
}

const MULTIPLIER_0 = 0xd2511f53
const MULTIPLIER_1 = 0xcd9e8d57
const KEY_STEP_0 = 0x9e3779b9
const KEY_STEP_1 = 0xbb67ae85
const ROUNDS = 10

/** One block: the four words of counter [c0, c1, c2, c3] under key [k0, k1], written to `out` from `at`. */
export function philox4x32(
  out: Uint32Array,
  at: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0)
    const high1 = multiplyHigh(MULTIPLIER_1, c2)
    const low0 = Math.imul(MULTIPLIER_0, c0)
    const low1 = Math.imul(MULTIPLIER_1, c2)
    c0 = high1 ^ c1 ^ k0
    c1 = low1
    c2 = high0 ^ c3 ^ k1
    c3 = low0
    k0 = (k0 + KEY_STEP_0) | 0
    k1 = (k1 + KEY_STEP_1) | 0
  }
  out[at] = c0
  out[at + 1] = c1
  out[at + 2] = c2
  out[at + 3] = c3
}

/** Fills `out` with the words of elements 0..out.length-1. The length must be a multiple of 4. */
export function philoxFill(out: Uint32Array, { seed, domain, stream, step }: PhiloxDraw): void {
  if (out.length % 4 !== 0) throw new RangeError(`expected a multiple of 4, found ${out.length}`)
  for (let at = 0; at < out.length; at += 4)
    philox4x32(out, at, at >>> 2, step, stream, 0, seed, domain)
}

/** A word below this drops its element with probability p: floor(p * 2^32). At p = 1 scale by 0 instead of comparing. */
export function dropThreshold(p: number): number {
  return Math.min(Math.floor(p * 0x100000000), 0xffffffff)
}

/** Upper half of the 64-bit product of two unsigned words, by 16-bit parts; no sum reaches 2^32, so that all stay integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0
  const carried = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carried >>> 16)) | 0
}
