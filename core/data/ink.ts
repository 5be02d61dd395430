/** A drawing in which 0 is background and more is ink, whatever colours it had. */
export interface Ink {
  /** [height * width], row-major: 0..255 in a Uint8Array, 0..1 in a Float32Array. */
  readonly values: Uint8Array | Float32Array
  readonly width: number
  readonly height: number
}

/** Contrasts below this share of the full range are an empty page, not a digit. */
const FAINTEST_INK = 0.08
/** Paper deviates from its median level by up to this many median deviations (5 sigma of a normal one). */
const NOISE_DEVIATIONS = 8

/**
 * Finds the ink of an image file: dark on light, light on dark or drawn on transparency, on clean or unevenly lit
 * paper. The border tells what is background; ink lies on the side of it, darker or lighter, that deviates more.
 *
 * @param rgba [height * width * 4] 8 bits each, not premultiplied
 */
export function inkFromRgba(rgba: Uint8Array, width: number, height: number): Ink {
  if (rgba.length !== width * height * 4)
    throw new RangeError(`expected ${width} x ${height} x 4 values, found ${rgba.length}`)
  const levels = greyLevels(rgba, width, height)
  const border = borderOf(width, height).map((i) => levels[i] as number)
  const background = medianOf(border)
  const noise = NOISE_DEVIATIONS * medianOf(border.map((level) => Math.abs(level - background)))
  const sign = isDarker(levels, background) ? -1 : 1
  let peak = 0
  for (const level of levels) peak = Math.max(peak, sign * (level - background))
  const faintest = Math.min(noise, peak / 2)
  const values = new Float32Array(levels.length)
  if (peak < FAINTEST_INK) return { values, width, height }
  for (let i = 0; i < levels.length; i++) {
    const ink = sign * ((levels[i] as number) - background)
    if (ink > faintest) values[i] = ink
  }
  return { values, width, height }
}

/** [height * width] luminance 0..1 over a backdrop that transparent pixels show. */
function greyLevels(rgba: Uint8Array, width: number, height: number): Float32Array {
  const backdrop = backdropOf(rgba, width, height)
  const levels = new Float32Array(width * height)
  for (let i = 0; i < levels.length; i++) {
    const alpha = (rgba[4 * i + 3] as number) / 255
    levels[i] = luminance(rgba, i) * alpha + backdrop * (1 - alpha)
  }
  return levels
}

/**
 * Where the border is mostly transparent, transparency is the background: it becomes white behind dark strokes and
 * black behind light ones. Otherwise (rounded corners) it looks like the rest of the border.
 */
function backdropOf(rgba: Uint8Array, width: number, height: number): number {
  const border = borderOf(width, height)
  const visible = border.filter((i) => (rgba[4 * i + 3] as number) >= 128)
  if (2 * visible.length > border.length) return medianOf(visible.map((i) => luminance(rgba, i)))
  let alphas = 0
  let weighted = 0
  for (let i = 0; i < width * height; i++) {
    const alpha = rgba[4 * i + 3] as number
    alphas += alpha
    weighted += alpha * luminance(rgba, i)
  }
  return weighted < alphas / 2 ? 1 : 0
}

/** Rec. 601 weights, 0..1. */
function luminance(rgba: Uint8Array, pixel: number): number {
  const at = 4 * pixel
  const red = rgba[at] as number
  const green = rgba[at + 1] as number
  const blue = rgba[at + 2] as number
  return (299 * red + 587 * green + 114 * blue) / 255_000
}

/** Squares, so that little strong ink outweighs much paper that is a little lighter than its border. */
function isDarker(levels: Float32Array, background: number): boolean {
  let balance = 0
  for (const level of levels) {
    const deviation = level - background
    balance += deviation * Math.abs(deviation)
  }
  return balance < 0
}

/** Indices of the outermost pixels, each once. */
function borderOf(width: number, height: number): number[] {
  const border: number[] = []
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1)
    for (let x = 0; x < width; x += step) border.push(y * width + x)
  }
  return border
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[sorted.length >> 1] ?? 0
}
