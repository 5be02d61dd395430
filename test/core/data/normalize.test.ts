import { describe, expect, it } from 'vitest'
import { normalizationTable } from '#core/data/normalize'
import golden from '../../golden/draws.json'

const mnist = { mean: 0.1307, std: 0.3081 }

describe('normalizationTable', () => {
  it('is ToTensor and Normalize bit for bit in float32', () => {
    const table = normalizationTable(mnist, (n) => new Float32Array(n))
    expect([...table]).toEqual(golden['Normalize(0.1307, 0.3081) of 0..255'])
  })

  it('keeps full precision in float64', () => {
    const table = normalizationTable(mnist, (n) => new Float64Array(n))
    expect(table[100]).toBe((100 / 255 - 0.1307) / 0.3081)
  })
})
