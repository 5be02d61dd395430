import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prepareDrawing } from '#core/data/drawing'
import type { Ink } from '#core/data/ink'
import { testDigits } from './mnist-sample'

const digits = testDigits(500)

function digitAt(index: number): Uint8Array {
  return digits.subarray(index * 784, (index + 1) * 784)
}

/** Each pixel becomes factor x factor pixels, at (left, top) of a page of width x height. */
function enlarged(digit: Uint8Array, factor: number, left = 0, top = 0, margin = 0): Ink {
  const side = 28 * factor + margin
  const values = new Uint8Array(side * side)
  for (let y = 0; y < 28 * factor; y++)
    for (let x = 0; x < 28 * factor; x++)
      values[(y + top) * side + x + left] =
        digit[Math.floor(y / factor) * 28 + Math.floor(x / factor)] ?? 0
  return { values, width: side, height: side }
}

function imageOf(ink: Ink): Uint8Array {
  const prepared = prepareDrawing(ink)
  if (prepared.kind === 'empty') throw new Error('expected a digit, found an empty drawing')
  return prepared.image28
}

function centreOf(image: Uint8Array): [number, number] {
  let mass = 0
  let x = 0
  let y = 0
  image.forEach((value, i) => {
    mass += value
    x += value * (i % 28)
    y += value * Math.floor(i / 28)
  })
  return [x / mass, y / mass]
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0)
}

/** A filled rectangle on a page. */
function block(page: number, x: number, y: number, width: number, height: number): Ink {
  const values = new Float32Array(page * page)
  for (let row = y; row < y + height; row++) values.fill(1, row * page + x, row * page + x + width)
  return { values, width: page, height: page }
}

describe('prepareDrawing', () => {
  it('gives back 500 real digits that were enlarged ten times', () => {
    for (let i = 0; i < 500; i++) {
      const original = digitAt(i)
      const image = imageOf(enlarged(original, 10))
      expect(largestDifference(image, original)).toBeLessThanOrEqual(1)
      const [x, y] = centreOf(image)
      const [originalX, originalY] = centreOf(original)
      expect(Math.abs(x - originalX)).toBeLessThan(0.01)
      expect(Math.abs(y - originalY)).toBeLessThan(0.01)
    }
  })

  it('gives the same image wherever on the page the digit stands', () => {
    const shift = fc.nat(60)
    fc.assert(
      fc.property(fc.nat(499), shift, shift, fc.constantFrom(1, 2, 5), (i, left, top, factor) => {
        const centred = imageOf(enlarged(digitAt(i), factor, 30, 30, 60))
        const moved = imageOf(enlarged(digitAt(i), factor, left, top, 60))
        expect(moved).toEqual(centred)
      }),
      { numRuns: 40 },
    )
  })

  it('gives the same image however large the digit is', () => {
    for (let i = 0; i < 20; i++) {
      const small = imageOf(enlarged(digitAt(i), 3))
      const large = imageOf(enlarged(digitAt(i), 7))
      expect(largestDifference(small, large)).toBeLessThanOrEqual(1)
    }
  })

  it('puts the centre of mass where MNIST has it and the peak at 255', () => {
    const corner = fc.record({ x: fc.nat(60), y: fc.nat(60) })
    const size = fc.record({
      width: fc.integer({ min: 1, max: 40 }),
      height: fc.integer({ min: 1, max: 40 }),
    })
    fc.assert(
      fc.property(corner, size, ({ x, y }, { width, height }) => {
        const image = imageOf(block(100, x, y, width, height))
        expect(Math.max(...image)).toBe(255)
        for (const centre of centreOf(image)) {
          expect(centre).toBeGreaterThanOrEqual(13.49)
          expect(centre).toBeLessThanOrEqual(14.51)
        }
      }),
    )
  })

  it('keeps the aspect ratio', () => {
    const prepared = prepareDrawing(block(100, 10, 10, 20, 80))
    const box = prepared.kind === 'digit' ? prepared.box20 : new Uint8Array()
    // 20 of 80 pixels wide: 5 of 20 cells, from cell 7.5 on
    expect([...box.subarray(0, 20)]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0,
    ])
  })

  it('keeps a dot small', () => {
    const image = imageOf(block(280, 100, 50, 4, 4))
    const inked = image.filter((value) => value > 0).length
    expect(inked).toBeLessThanOrEqual(25)
  })

  it('reads strokes that touch the edges of the page', () => {
    const values = new Uint8Array(50 * 50)
    for (let i = 0; i < 50; i++) values[i * 50 + i] = values[i * 50 + 49 - i] = 200
    expect(
      imageOf({ values, width: 50, height: 50 }).filter((value) => value > 0).length,
    ).toBeGreaterThan(40)
  })

  it('takes pages that are not square and pages of one pixel', () => {
    const bar = imageOf({ values: new Uint8Array(300).fill(9), width: 300, height: 1 })
    expect(centreOf(bar)[1]).toBe(14)
    const dot = imageOf({ values: Uint8Array.of(1), width: 1, height: 1 })
    expect(dot.filter((value) => value === 255).length).toBe(400)
  })

  it('calls a page without ink empty', () => {
    for (const side of [0, 1, 280]) {
      const ink = { values: new Uint8Array(side * side), width: side, height: side }
      expect(prepareDrawing(ink)).toEqual({ kind: 'empty' })
    }
  })

  it('does not care whether ink is given as bytes or as fractions', () => {
    const bytes = enlarged(digitAt(3), 4)
    const fractions = { ...bytes, values: Float32Array.from(bytes.values, (value) => value / 255) }
    expect(largestDifference(imageOf(fractions), imageOf(bytes))).toBeLessThanOrEqual(1)
  })

  it('refuses a page whose size lies', () => {
    expect(() => prepareDrawing({ values: new Uint8Array(3), width: 2, height: 2 })).toThrow(
      RangeError,
    )
  })
})
