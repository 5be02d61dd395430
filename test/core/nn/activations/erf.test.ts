import fc from 'fast-check'
import { expect, test } from 'vitest'
import { erf } from '#core/nn/activations/erf'

/** Summed with 60 decimal digits and rounded once. */
const exact: readonly (readonly [number, number])[] = [
  [1e-10, 1.1283791670955126e-10],
  [0.01, 0.011283415555849618],
  [0.1, 0.1124629160182849],
  [0.25, 0.27632639016823696],
  [0.5, 0.5204998778130465],
  [0.84375, 0.7672256612323416],
  [1.0, 0.8427007929497149],
  [1.25, 0.9229001282564583],
  [1.5, 0.9661051464753108],
  [1.75, 0.9866716712191824],
  [1.999, 0.9953015566513705],
  [2.0, 0.9953222650189527],
  [2.001, 0.9953428907185247],
  [2.25, 0.9985372834133188],
  [2.5, 0.999593047982555],
  [3.0, 0.9999779095030014],
  [3.5, 0.9999992569016276],
  [4.0, 0.9999999845827421],
  [5.0, 0.9999999999984626],
  [5.5, 0.9999999999999927],
]

test.each(exact)('erf(%d) agrees with the exact value to 1e-15', (x, y) => {
  expect(Math.abs(erf(x) - y)).toBeLessThan(1e-15)
  expect(Math.abs(erf(x) / y - 1)).toBeLessThan(1e-15)
})

test('erf is odd, bounded and ends at 1', () => {
  expect([erf(0), erf(7), erf(Infinity), erf(-Infinity), erf(NaN)]).toEqual([0, 1, 1, -1, NaN])
  fc.assert(
    fc.property(fc.double({ min: -10, max: 10, noNaN: true }), (x) => {
      expect(erf(-x)).toBe(-erf(x))
      expect(Math.abs(erf(x))).toBeLessThanOrEqual(1)
    }),
  )
})
