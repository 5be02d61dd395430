import type { AugmentSpec } from '#core/spec/dataset'

/** Random words that decide one image's map. */
export const AFFINE_WORDS = 8
/** Numbers of one map. */
export const MAP_LENGTH = 6
/** One pixel, in the fixed-point numbers of a map. */
export const ONE_PIXEL = 0x10000

const RADIANS = Math.PI / 180

/**
 * Where an output pixel lies in the source, in 1/65536 pixel within a frame of one black pixel:
 *   u = map[0] * x + map[1] * y + map[4]     column
 *   v = map[2] * x + map[3] * y + map[5]     row
 * The inverse of rotate * shear * scale about the centre and of a shift, each uniform within its bound, by the words
 * from `from` on.
 */
export function drawAffineMap(
  out: Int32Array,
  at: number,
  { shift, rotate, scale, shear }: AugmentSpec,
  words: Uint32Array,
  from: number,
  rows: number,
  cols: number,
): void {
  const angle = rotate * RADIANS * signed(words, from)
  const lean = Math.tan(shear * RADIANS * signed(words, from + 1))
  const perWidth = ONE_PIXEL / (1 + scale * signed(words, from + 2))
  const perHeight = ONE_PIXEL / (1 + scale * signed(words, from + 3))
  const centreX = (cols - 1) / 2
  const centreY = (rows - 1) / 2
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const xx = Math.round(perWidth * (cos + lean * sin))
  const xy = Math.round(perWidth * (sin - lean * cos))
  const yx = Math.round(-perHeight * sin)
  const yy = Math.round(perHeight * cos)
  const fromX = -centreX - shift * signed(words, from + 4)
  const fromY = -centreY - shift * signed(words, from + 5)
  out[at] = xx
  out[at + 1] = xy
  out[at + 2] = yx
  out[at + 3] = yy
  out[at + 4] = Math.round(xx * fromX + xy * fromY + (centreX + 1) * ONE_PIXEL)
  out[at + 5] = Math.round(yx * fromX + yy * fromY + (centreY + 1) * ONE_PIXEL)
}

/** Uniform in [-1, 1), by word number `word`. */
function signed(words: Uint32Array, word: number): number {
  return (words[word] as number) / 0x80000000 - 1
}
