import { describe, expect, it } from 'vitest'
import { classFigures, mistakes } from '../../../renderer/pages/confusion'

describe('a confusion matrix', () => {
  const confusion = [8, 2, 1, 9]

  it('gives precision, recall and F1 of each class', () => {
    const [zero] = classFigures(confusion, 2)
    expect(zero?.support).toBe(10)
    expect(zero?.recall).toBeCloseTo(0.8, 12)
    expect(zero?.precision).toBeCloseTo(8 / 9, 12)
    expect(zero?.f1).toBeCloseTo((2 * 0.8 * (8 / 9)) / (0.8 + 8 / 9), 12)
  })

  it('lists mistakes, the most frequent first', () => {
    expect(mistakes(confusion, 2)).toEqual([
      { label: 0, prediction: 1, count: 2 },
      { label: 1, prediction: 0, count: 1 },
    ])
  })
})
