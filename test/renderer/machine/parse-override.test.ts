import { describe, expect, it } from 'vitest'
import { leavesFrom, unknownLeaf } from '#core/machine/measured'
import { isCorrectable, parseOverride } from '../../../renderer/machine/parse-override'

const leaf = leavesFrom('test')

describe('a correction', () => {
  it('takes a size with its unit, binary or decimal', () => {
    const size = leaf(8 * 1024 ** 3, 'bytes', '')
    expect(parseOverride('memoryTotal', size, '24 GiB')).toEqual({
      ok: true,
      value: 24 * 1024 ** 3,
    })
    expect(parseOverride('memoryTotal', size, '24GB')).toEqual({ ok: true, value: 24e9 })
    expect(parseOverride('memoryTotal', size, '24')).toEqual({ ok: false, problem: 'size' })
  })

  it('takes a number with or without the unit of the value, also where the value is unknown', () => {
    const speed = unknownLeaf('MT/s')
    expect(parseOverride('speed', speed, '5600')).toEqual({ ok: true, value: 5600 })
    expect(parseOverride('speed', speed, '5,600 mt/s')).toEqual({ ok: true, value: 5600 })
    expect(parseOverride('speed', speed, 'fast')).toEqual({ ok: false, problem: 'number' })
    expect(parseOverride('speed', speed, '0')).toEqual({ ok: false, problem: 'number' })
  })

  it('knows which unknown values without a unit are counts, and which are yes or no', () => {
    expect(parseOverride('channels', unknownLeaf(null), '2')).toEqual({ ok: true, value: 2 })
    expect(parseOverride('channels', unknownLeaf(null), 'two').ok).toBe(false)
    expect(parseOverride('ecc', unknownLeaf(null), '是')).toEqual({ ok: true, value: true })
    expect(parseOverride('ecc', unknownLeaf(null), 'perhaps').ok).toBe(false)
    expect(parseOverride('type', unknownLeaf(null), ' DDR5 ')).toEqual({ ok: true, value: 'DDR5' })
  })

  it('keeps to the kinds that exist', () => {
    expect(parseOverride('kind', unknownLeaf(null), 'unified').ok).toBe(true)
    const chinese = parseOverride('kind', unknownLeaf(null), '统一内存')
    expect(chinese).toEqual({ ok: true, value: 'unified' })
    expect(parseOverride('kind', unknownLeaf(null), 'huge')).toEqual({ ok: false, problem: 'kind' })
  })

  it('leaves alone what identifies a card, and refuses nothing at all', () => {
    expect(isCorrectable('id')).toBe(false)
    expect(isCorrectable('memoryBusWidth')).toBe(true)
    expect(parseOverride('name', unknownLeaf(null), '  ')).toEqual({ ok: false, problem: 'empty' })
  })
})
