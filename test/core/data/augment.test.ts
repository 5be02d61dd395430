import { describe, expect, it } from 'vitest'
import { Augmenter } from '#core/data/augment'
import type { AugmentSpec } from '#core/spec/dataset'
import { testDigits } from './mnist-sample'

const COUNT = 200
const PIXELS = 784
const digits = testDigits(COUNT)

const still: AugmentSpec = { shift: 0, rotate: 0, scale: 0, shear: 0, elastic: null }
const everything: AugmentSpec = {
  shift: 1,
  rotate: 12,
  scale: 0.12,
  shear: 8,
  elastic: { alpha: 34, sigma: 4 },
}

function augmented(spec: AugmentSpec, index: number, epoch = 0, seed = 0): Uint8Array {
  const out = new Uint8Array(PIXELS)
  new Augmenter(spec, seed, 28, 28).augmentInto(out, 0, digits, index, epoch)
  return out
}

function digitAt(index: number): Uint8Array {
  return digits.slice(index * PIXELS, (index + 1) * PIXELS)
}

interface Moments {
  readonly mass: number
  readonly x: number
  readonly y: number
  /** Of x and y about their means; the ratio to yy is how far upright strokes lean. */
  readonly xy: number
  readonly xx: number
  readonly yy: number
}

function momentsOf(image: Uint8Array): Moments {
  let [mass, x, y] = [0, 0, 0]
  image.forEach((value, i) => {
    mass += value
    x += value * (i % 28)
    y += value * Math.floor(i / 28)
  })
  x /= mass
  y /= mass
  let [xx, xy, yy] = [0, 0, 0]
  image.forEach((value, i) => {
    const dx = (i % 28) - x
    const dy = Math.floor(i / 28) - y
    xx += (value * dx * dx) / mass
    xy += (value * dx * dy) / mass
    yy += (value * dy * dy) / mass
  })
  return { mass, x, y, xx, xy, yy }
}

const indices = Array.from({ length: COUNT }, (_, index) => index)

describe('Augmenter', () => {
  it('changes nothing where all bounds are 0', () => {
    for (const index of [0, 7, 199]) {
      expect(augmented(still, index)).toEqual(digitAt(index))
      const flat = { ...still, elastic: { alpha: 0, sigma: 3 } }
      expect(augmented(flat, index)).toEqual(digitAt(index))
    }
  })

  it('depends on seed, epoch and index only, not on what was made before', () => {
    const used = new Augmenter(everything, 3, 28, 28)
    const batch = new Uint8Array(4 * PIXELS)
    ;[50, 7, 199, 7].forEach((index, row) => {
      used.augmentInto(batch, row * PIXELS, digits, index, 5)
    })
    const alone = augmented(everything, 7, 5, 3)
    expect(batch.slice(PIXELS, 2 * PIXELS)).toEqual(alone)
    expect(batch.slice(3 * PIXELS)).toEqual(alone)
    expect(augmented(everything, 7, 6, 3)).not.toEqual(alone)
    expect(augmented(everything, 7, 5, 4)).not.toEqual(alone)
  })

  it('treats equal images at two indices differently', () => {
    const twice = new Uint8Array(2 * PIXELS)
    twice.set(digitAt(0))
    twice.set(digitAt(0), PIXELS)
    const out = new Uint8Array(2 * PIXELS)
    const augmenter = new Augmenter(everything, 0, 28, 28)
    augmenter.augmentInto(out, 0, twice, 0, 0)
    augmenter.augmentInto(out, PIXELS, twice, 1, 0)
    expect(out.slice(0, PIXELS)).not.toEqual(out.slice(PIXELS))
  })

  it('keeps the amount of ink on the average', () => {
    const before = indices.reduce((sum, index) => sum + momentsOf(digitAt(index)).mass, 0)
    const after = indices.reduce(
      (sum, index) => sum + momentsOf(augmented(everything, index)).mass,
      0,
    )
    expect(Math.abs(after / before - 1)).toBeLessThan(0.03)
  })

  it('shifts by up to the bound, both ways', () => {
    const moved = indices.map(
      (index) =>
        momentsOf(augmented({ ...still, shift: 3 }, index)).x - momentsOf(digitAt(index)).x,
    )
    expect(Math.max(...moved)).toBeLessThan(3.05)
    expect(Math.min(...moved)).toBeGreaterThan(-3.05)
    expect(Math.max(...moved)).toBeGreaterThan(2.5)
    expect(Math.min(...moved)).toBeLessThan(-2.5)
  })

  it('scales width and height by up to the bound, each for itself', () => {
    const ratios = indices.map((index) => {
      const before = momentsOf(digitAt(index))
      const after = momentsOf(augmented({ ...still, scale: 0.2 }, index))
      return { width: Math.sqrt(after.xx / before.xx), height: Math.sqrt(after.yy / before.yy) }
    })
    // bilinear sampling blurs by a fraction of a pixel, which widens a narrow 1
    for (const { width, height } of ratios)
      for (const ratio of [width, height]) {
        expect(ratio).toBeGreaterThan(0.78)
        expect(ratio).toBeLessThan(1.3)
      }
    expect(ratios.some(({ width, height }) => width > 1.1 && height < 0.9)).toBe(true)
    expect(ratios.some(({ width, height }) => width < 0.9 && height > 1.1)).toBe(true)
  })

  it('leans upright strokes by the angle it was given at most', () => {
    const upright = new Uint8Array(COUNT * PIXELS)
    for (const index of indices)
      for (let y = 4; y < 24; y++)
        upright.fill(255, index * PIXELS + y * 28 + 12, index * PIXELS + y * 28 + 16)
    const augmenter = new Augmenter({ ...still, shear: 20 }, 0, 28, 28)
    const angles = indices.map((index) => {
      const out = new Uint8Array(PIXELS)
      augmenter.augmentInto(out, 0, upright, index, 0)
      const { xy, yy } = momentsOf(out)
      return (Math.atan(xy / yy) * 180) / Math.PI
    })
    expect(Math.max(...angles.map(Math.abs))).toBeLessThan(20.2)
    expect(Math.max(...angles)).toBeGreaterThan(18)
    expect(Math.min(...angles)).toBeLessThan(-18)
  })

  it('rotates about the centre without changing the shape', () => {
    const turned = indices.map((index) => {
      const before = momentsOf(digitAt(index))
      const after = momentsOf(augmented({ ...still, rotate: 30 }, index))
      const radius = Math.hypot(before.x - 13.5, before.y - 13.5)
      expect(Math.hypot(after.x - 13.5, after.y - 13.5)).toBeCloseTo(radius, 0)
      // the trace of the second moments does not change with the angle; sampling blurs it by 6 % in a narrow digit
      return (after.xx + after.yy) / (before.xx + before.yy)
    })
    for (const ratio of turned) expect(Math.abs(ratio - 1)).toBeLessThan(0.08)
  })
})
