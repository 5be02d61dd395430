import { describe, expect, test } from 'vitest'
import { BLANK_MODULE } from '#core/machine/blank-report'
import { leavesFrom } from '#core/machine/measured'
import { summariseModules } from '#core/machine/memory-modules'

const leaf = leavesFrom('SMBIOS')

function module(locator: string, changes: { type?: string; speed?: number; width?: number } = {}) {
  const { type = 'DDR4', speed = 3200, width = 64 } = changes
  return {
    ...BLANK_MODULE,
    locator: leaf(locator, null, ''),
    type: leaf(type, null, ''),
    speed: leaf(speed, 'MT/s', ''),
    dataWidth: leaf(width, 'bit', ''),
    totalWidth: leaf(width, 'bit', ''),
  }
}
const channels = (...locators: readonly string[]) =>
  summariseModules(locators.map((locator) => module(locator))).channels?.value

describe('channels', () => {
  test.each([
    [['DIMM_A1', 'DIMM_B1'], 2],
    [['DIMM_A1', 'DIMM_A2'], 1],
    [['DIMM_A1', 'DIMM_A2', 'DIMM_B1', 'DIMM_B2'], 2],
    [['ChannelA-DIMM0 / BANK 0', 'ChannelB-DIMM0 / BANK 2'], 2],
    [['Controller0-ChannelA-DIMM0', 'Controller1-ChannelA-DIMM0'], 2],
    [['DIMM 1 / P0 CHANNEL A', 'DIMM 1 / P0 CHANNEL B'], 2],
    [['P0_DIMM_A1', 'P1_DIMM_A1'], 2],
    [['A1_DIMM0', 'B1_DIMM0'], 2],
    [['CPU 1 DIMM A1', 'CPU 1 DIMM B1', 'CPU 2 DIMM A1', 'CPU 2 DIMM B1'], 4],
    [['BANK 0/ChannelA-DIMM0', 'BANK 2/ChannelB-DIMM0'], 2],
  ] as const)('of %j are %d', (locators, count) => {
    expect(channels(...locators)).toBe(count)
  })

  test('are unknown when a slot name does not tell', () => {
    expect(channels('M0001')).toBeNull()
    expect(channels('DIMM 0', 'DIMM 1')).toBeNull()
    expect(channels('DIMM_A1', 'Bottom-Slot 2(right)')).toBeNull()
    expect(channels('SODIMM1')).toBeNull()
  })

  test('of narrow low-power chips add up to whole ones', () => {
    const chips = ['A', 'B', 'C', 'D'].map((name) =>
      module(`Controller0-Channel${name}`, { type: 'LPDDR5', width: 16 }),
    )
    expect(summariseModules(chips).channels?.value).toBe(1)
    expect(summariseModules(chips.slice(0, 3)).channels?.value).toBeNull()
  })

  test('are labelled as inferred', () => {
    const summary = summariseModules([module('DIMM_A1')])
    expect(summary.channels?.confidence).toBe('inferred')
    expect(summary.busWidth?.confidence).toBe('inferred')
  })
})

test('all modules run at the speed of the slowest', () => {
  const modules = [module('DIMM_A1', { speed: 2666 }), module('DIMM_B1', { speed: 2133 })]
  expect(summariseModules(modules).speed?.value).toBe(2133)
})

test('modules of different types have no common type', () => {
  const modules = [module('DIMM_A1'), module('DIMM_B1', { type: 'DDR3' })]
  expect(summariseModules(modules)).not.toHaveProperty('type')
})

test('no modules say nothing', () => {
  expect(summariseModules([])).toEqual({})
})
