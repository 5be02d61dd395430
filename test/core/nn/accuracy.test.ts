import { expect, test } from 'vitest'
import { argmax, countHits } from '#core/nn/accuracy'

test('of equal values the first wins, as in torch.argmax', () => {
  expect(argmax(Float64Array.of(9, 1, 5, 5), 1, 3)).toBe(1)
})

test('a hit is a row whose largest output stands at its label', () => {
  const output = Float32Array.of(0, 1, 3, 2, -1, -2)
  expect(countHits(output, Uint8Array.of(1, 1, 0), 3, 2)).toBe(2)
  expect(countHits(output, Uint8Array.of(1, 1, 0), 2, 2)).toBe(1)
})
