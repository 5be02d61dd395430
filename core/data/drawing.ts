/*
 * From a drawing to what MNIST looks like. The steps are those by which NIST's digits became MNIST's, as recovered by
 * Yadav & Bottou, "Cold Case: the Lost MNIST Digits" (NeurIPS 2019), and their program for QMNIST: tight bounding box,
 * made square, area-averaged to 20 x 20, full intensity, placed by its centre of mass in 28 x 28 without a
 * sub-pixel shift.
 */
import { resampleSquare } from './box-resample'
import type { Ink } from './ink'

export type PreparedDrawing =
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'digit'
      /** [20 * 20] the digit alone, 0..255. */
      readonly box20: Uint8Array
      /** [28 * 28] as MNIST's images, 0..255. */
      readonly image28: Uint8Array
    }

export const BOX_SIDE = 20
export const IMAGE_SIDE = 28

/** A dot stays a dot: the square is at least this share of the drawing's longer side (10 of NIST's 128 pixels). */
const SMALLEST_SHARE = 10 / 128
/** Centre of mass, in pixels from the edge, that the truncated offset leaves at most one pixel below. */
const CENTRE = 15

interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A drawing of any size becomes the network's input, or is found to be empty. */
export function prepareDrawing(ink: Ink): PreparedDrawing {
  if (ink.values.length !== ink.width * ink.height)
    throw new RangeError(`expected ${ink.width} x ${ink.height} values, found ${ink.values.length}`)
  const bounds = boundsOf(ink)
  if (bounds === null) return { kind: 'empty' }
  const { x, y, width, height } = bounds
  const smallest = Math.round(SMALLEST_SHARE * Math.max(ink.width, ink.height))
  const side = Math.max(width, height, smallest)
  const left = x - leadingMargin(width, side)
  const top = y - leadingMargin(height, side)
  const box20 = toFullIntensity(resampleSquare(ink, left, top, side, BOX_SIDE))
  return { kind: 'digit', box20, image28: placeByCentreOfMass(box20) }
}

/** Smallest rectangle around all ink, or null where there is none. */
function boundsOf({ values, width, height }: Ink): Rectangle | null {
  let left = width
  let right = -1
  let top = height
  let bottom = -1
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!((values[y * width + x] as number) > 0)) continue
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      bottom = y
    }
  if (right < 0) return null
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/**
 * How far the square begins before the shorter side: half of what is missing, rounded down to whole pixels of the
 * drawing. Where both sides are whole numbers of pixels of the 20 x 20 grid, as in an enlarged MNIST digit, to whole
 * pixels of that grid, so that the digit comes back as itself instead of shifted by half a pixel.
 */
function leadingMargin(length: number, side: number): number {
  const cell = side / BOX_SIDE
  const grid = Number.isInteger(cell) && length % cell === 0 ? cell : 1
  return Math.floor((side - length) / 2 / grid) * grid
}

/** The darkest pixel becomes 255; halves are rounded up. */
function toFullIntensity(values: Float64Array): Uint8Array {
  const peak = values.reduce((most, value) => Math.max(most, value), 0)
  return Uint8Array.from(values, (value) => Math.floor((value / peak) * 255 + 0.5))
}

function placeByCentreOfMass(box: Uint8Array): Uint8Array {
  let mass = 0
  let momentX = 0
  let momentY = 0
  box.forEach((value, i) => {
    mass += value
    momentX += value * ((i % BOX_SIDE) + 0.5)
    momentY += value * (Math.floor(i / BOX_SIDE) + 0.5)
  })
  const offsetX = Math.trunc(CENTRE - momentX / mass)
  const offsetY = Math.trunc(CENTRE - momentY / mass)
  const image = new Uint8Array(IMAGE_SIDE * IMAGE_SIDE)
  box.forEach((value, i) => {
    const x = (i % BOX_SIDE) + offsetX
    const y = Math.floor(i / BOX_SIDE) + offsetY
    if (x >= 0 && x < IMAGE_SIDE && y >= 0 && y < IMAGE_SIDE) image[y * IMAGE_SIDE + x] = value
  })
  return image
}
