import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes, clock, compact, loss, percent, torchName } from '../../../renderer/kit/format'
import { nudge, numberText, parseNumber } from '../../../renderer/kit/number-text'
import { placeBeside } from '../../../renderer/kit/place'

describe('numbers in fields', () => {
  it('are short and exact', () => {
    expect([0.001, 1e-8, 128, 0, 2.5e-4, 3e6].map(numberText)).toEqual([
      '0.001',
      '1e-8',
      '128',
      '0',
      '2.5e-4',
      '3e6',
    ])
  })

  it('come back from their text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumber(numberText(value))).toBe(value === 0 ? 0 : value)
      }),
    )
  })

  it('are read as people write them, and words are not', () => {
    expect(parseNumber(' 60,000 ')).toBe(60000)
    expect(parseNumber('1e-3')).toBe(0.001)
    expect(parseNumber('.5')).toBe(0.5)
    for (const text of ['', 'abc', '1e', '--1', '1,5', 'Infinity', '0x10'])
      expect(parseNumber(text)).toBeNull()
  })

  it('move by their leading digit', () => {
    expect(nudge(0.001, 1)).toBe(0.002)
    expect(nudge(0.001, -1)).toBe(0.0009)
    expect(nudge(0.9, 1)).toBe(1)
    expect(nudge(-0.8, 1)).toBe(-0.7)
  })
})

describe('numbers for people', () => {
  it('have their unit and never read NaN undefined', () => {
    expect(percent(0.98314)).toBe('98.31 %')
    expect(percent(Number.NaN)).toBe('–')
    expect(loss(0.07654)).toBe('0.0765')
    expect(loss(Infinity)).toBe('∞')
    expect(clock(14)).toBe('00:14')
    expect(clock(3729)).toBe('1:02:09')
    expect(bytes(1.6 * 2 ** 20)).toBe('1.6 MiB')
    expect(compact(610_000)).toBe('610 k')
  })

  it('are named as in torch', () => {
    expect(['weightDecay', 'tMax', 't0', 'lr'].map((name) => torchName(name))).toEqual([
      'weight_decay',
      'T_max',
      'T_0',
      'lr',
    ])
  })
})

describe('a floating box', () => {
  it('goes above its anchor where there is no room below, and stays inside', () => {
    const anchor = { left: 900, top: 760, width: 100, height: 26 }
    const place = placeBeside(
      anchor,
      { width: 300, height: 300 },
      { width: 1000, height: 800 },
      'start',
    )
    expect(place.top).toBe(760 - 4 - 300)
    expect(place.left + 300).toBeLessThanOrEqual(1000)
  })
})
