import { describe, expect, it } from 'vitest'
import { prepareDrawing } from '#core/data/drawing'
import { inkFromRgba } from '#core/data/ink'
import { philoxFill, domains } from '#core/tensor/philox'
import { testDigits } from './mnist-sample'

type Colour = readonly [red: number, green: number, blue: number, alpha: number]

const SIDE = 56
const digits = testDigits(20)

/** A real digit, twice as large, painted by `colour` of its ink 0..1. */
function painted(index: number, colour: (ink: number, x: number, y: number) => Colour): Uint8Array {
  const rgba = new Uint8Array(SIDE * SIDE * 4)
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const ink = (digits[index * 784 + (y >> 1) * 28 + (x >> 1)] ?? 0) / 255
      rgba.set(colour(ink, x, y), (y * SIDE + x) * 4)
    }
  return rgba
}

function mix(from: number, to: number, share: number): number {
  return Math.round(from + (to - from) * share)
}

function grey(level: number): Colour {
  return [level, level, level, 255]
}

/** Largest difference from the original over 20 digits. */
function worstError(colour: (ink: number, x: number, y: number) => Colour): number {
  let worst = 0
  for (let index = 0; index < 20; index++) {
    const prepared = prepareDrawing(inkFromRgba(painted(index, colour), SIDE, SIDE))
    if (prepared.kind === 'empty') return 256
    prepared.image28.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - (digits[index * 784 + i] ?? 0)))
    })
  }
  return worst
}

describe('inkFromRgba', () => {
  it.each<[string, (ink: number, x: number, y: number) => Colour]>([
    ['white on black', (ink) => grey(mix(0, 255, ink))],
    ['black on white', (ink) => grey(mix(255, 0, ink))],
    ['black on transparency', (ink) => [0, 0, 0, mix(0, 255, ink)]],
    ['white on transparency', (ink) => [255, 255, 255, mix(0, 255, ink)]],
    [
      'dark blue on cream',
      (ink) => [mix(255, 10, ink), mix(250, 20, ink), mix(220, 120, ink), 255],
    ],
    ['light on middle grey', (ink) => grey(mix(110, 240, ink))],
    ['dark on middle grey', (ink) => grey(mix(150, 20, ink))],
    [
      'black on white with round, transparent corners',
      (ink, x, y) => (x + y < 6 ? [0, 0, 0, 0] : grey(mix(255, 0, ink))),
    ],
  ])('finds a digit %s', (_, colour) => {
    // coarser grey levels round differently
    expect(worstError(colour)).toBeLessThanOrEqual(3)
  })

  it('finds a digit on grainy, unevenly lit paper', () => {
    const words = new Uint32Array(SIDE * SIDE)
    philoxFill(words, { seed: 1, domain: domains.augmentation, stream: 0, step: 0 })
    const paper = (x: number, y: number) => 200 + x / 4 + ((words[y * SIDE + x] ?? 0) % 7)
    const likeness = Array.from({ length: 20 }, (_, index) => {
      const rgba = painted(index, (ink, x, y) => grey(mix(paper(x, y), 30, ink)))
      const prepared = prepareDrawing(inkFromRgba(rgba, SIDE, SIDE))
      return prepared.kind === 'digit' ? cosine(prepared.image28, digits.subarray(index * 784)) : 0
    })
    // faint edges go with the grain, which once in a while moves a digit by a pixel
    expect(likeness.filter((value) => value > 0.99).length).toBeGreaterThanOrEqual(18)
    expect(Math.min(...likeness)).toBeGreaterThan(0.7)
  })

  it('finds a digit although it was cut out without a margin', () => {
    const values = new Uint8Array(20 * 20 * 4).fill(255)
    for (let i = 0; i < 20; i++)
      for (const at of [i * 20 + 9, i * 20 + 10, 19 * 20 + i]) values.fill(0, at * 4, at * 4 + 3)
    const { values: ink } = inkFromRgba(values, 20, 20)
    expect(ink.filter((value) => value > 0.99).length).toBe(58)
  })

  it.each<[string, Colour]>([
    ['white', [255, 255, 255, 255]],
    ['black', [0, 0, 0, 255]],
    ['transparent', [0, 0, 0, 0]],
    ['grey', [128, 128, 128, 255]],
  ])('finds no ink on a page that is all %s, down to one pixel', (_, colour) => {
    for (const side of [1, 2, 28]) {
      const rgba = Uint8Array.from({ length: side * side * 4 }, (_unused, i) => colour[i % 4] ?? 0)
      const ink = inkFromRgba(rgba, side, side)
      expect(prepareDrawing(ink)).toEqual({ kind: 'empty' })
    }
  })

  it('takes grain on an empty page for paper, not for a digit', () => {
    const words = new Uint32Array(100 * 100)
    philoxFill(words, { seed: 2, domain: domains.augmentation, stream: 0, step: 0 })
    const rgba = new Uint8Array(100 * 100 * 4)
    words.forEach((word, i) => {
      rgba.set(grey(240 + (word % 16)), 4 * i)
    })
    expect(prepareDrawing(inkFromRgba(rgba, 100, 100))).toEqual({ kind: 'empty' })
  })

  it('refuses pixels that do not fit the size', () => {
    expect(() => inkFromRgba(new Uint8Array(4), 2, 2)).toThrow(RangeError)
  })
})

/** Cosine of the angle between two images. */
function cosine(a: Uint8Array, b: Uint8Array): number {
  let ab = 0
  let aa = 0
  let bb = 0
  a.forEach((value, i) => {
    const other = b[i] ?? 0
    ab += value * other
    aa += value * value
    bb += other * other
  })
  return ab / Math.sqrt(aa * bb)
}
