import { describe, expect, it } from 'vitest'
import { randomSplit } from '#core/data/split'
import golden from '../../golden/draws.json'

describe('randomSplit', () => {
  it('is torch.utils.data.random_split with a generator of that seed', () => {
    const { train, val } = randomSplit(10, 3, 7)
    expect([[...train], [...val]]).toEqual(golden['random_split(10, [7, 3]) seed7'])
  })

  it('keeps the order where there is nothing to split off', () => {
    const { train, val } = randomSplit(5, 0, 7)
    expect([...train]).toEqual([0, 1, 2, 3, 4])
    expect(val.length).toBe(0)
  })

  it('refuses to leave no training image', () => {
    expect(() => randomSplit(5, 5, 0)).toThrow(RangeError)
    expect(() => randomSplit(5, -1, 0)).toThrow(RangeError)
  })
})
