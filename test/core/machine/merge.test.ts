import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GpuReport } from '#core/machine/report'
import { BLANK_GPU, BLANK_MEMORY } from '#core/machine/blank-report'
import { groupByCard, pciAddress, vendorByName } from '#core/machine/gpu-identity'
import { leavesFrom } from '#core/machine/measured'
import { mergeRecord, type Part } from '#core/machine/merge'

const smi = leavesFrom('nvidia-smi')
const registry = leavesFrom('registry')
const table = leavesFrom('known cards')

describe('merging', () => {
  test('takes the surer source, and the earlier of equals', () => {
    const merged = mergeRecord(BLANK_GPU, [
      { memoryBusWidth: table(256, 'bit', '', 'table'), memoryTotal: smi(100, 'bytes', '') },
      { memoryBusWidth: smi(192, 'bit', ''), memoryTotal: registry(101, 'bytes', '') },
    ])
    expect(merged.memoryBusWidth.value).toBe(192)
    expect(merged.memoryTotal.source).toBe('nvidia-smi')
  })

  test('shows who disagrees, but not about rounding or another spelling', () => {
    const merged = mergeRecord(BLANK_GPU, [
      { memoryBusWidth: smi(192, 'bit', ''), memoryTotal: smi(24_564, 'bytes', '') },
      { memoryTotal: registry(24_576, 'bytes', ''), memoryType: registry('HBM2', null, '') },
      {
        memoryBusWidth: table(384, 'bit', '', 'table'),
        memoryType: table('HBM2e', null, '', 'table'),
      },
    ])
    expect(merged.memoryBusWidth.conflicts).toEqual([
      { value: 384, unit: 'bit', source: 'known cards', confidence: 'table' },
    ])
    expect(merged.memoryTotal).not.toHaveProperty('conflicts')
    expect(merged.memoryType).not.toHaveProperty('conflicts')
  })

  test('what moves from moment to moment is no disagreement', () => {
    const merged = mergeRecord(BLANK_MEMORY, [
      { used: smi(10, 'bytes', '') },
      { used: registry(500, 'bytes', '') },
    ])
    expect(merged.used).not.toHaveProperty('conflicts')
  })

  test('an unknown value keeps its unit and says who was asked', () => {
    const merged = mergeRecord(BLANK_GPU, [
      { memoryTotal: smi<number>(null, 'bytes', 'memory.total is [N/A]') },
      { memoryTotal: registry(NaN, 'bytes', 'qwMemorySize') },
    ])
    expect(merged.memoryTotal).toEqual({
      value: null,
      unit: 'bytes',
      source: 'nvidia-smi, registry',
      method: 'not told by nvidia-smi (memory.total is [N/A]); not told by registry (qwMemorySize)',
      confidence: 'unknown',
    })
  })

  test('has every leaf of the blank record and no other', () => {
    const part = fc.record({ memoryTotal: fc.option(fc.integer({ min: 1 })) })
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const merged = mergeRecord(
          BLANK_GPU,
          parts.map(({ memoryTotal }) => ({ memoryTotal: smi(memoryTotal, 'bytes', '') })),
        )
        expect(Object.keys(merged)).toEqual(Object.keys(BLANK_GPU))
        expect(merged.memoryTotal.value === null).toBe(
          parts.every(({ memoryTotal }) => memoryTotal === null),
        )
      }),
    )
  })
})

describe('one card in several sources', () => {
  const card = (key: { id?: string; pciId?: string; name?: string }): Part<GpuReport> => ({
    ...(key.id === undefined ? {} : { id: smi(key.id, null, '') }),
    ...(key.pciId === undefined ? {} : { pciId: smi(key.pciId, null, '') }),
    ...(key.name === undefined ? {} : { name: smi(key.name, null, '') }),
  })
  const sizes = (sources: readonly (readonly Part<GpuReport>[])[]) =>
    groupByCard(sources.map((parts) => ({ parts, supplements: false }))).map(({ length }) => length)

  test('is recognised by its address first', () => {
    const a = card({ id: 'pci:0000:01:00.0', pciId: '10de:2204' })
    const b = card({ id: 'pci:0000:02:00.0', pciId: '10de:2204' })
    expect(
      sizes([
        [a, b],
        [b, a],
      ]),
    ).toEqual([2, 2])
  })
  test('by its PCI id without one, twins counted apart', () => {
    const twin = card({ pciId: '10de:2204' })
    const first = card({ id: 'pci:0000:01:00.0', pciId: '10de:2204' })
    const second = card({ id: 'pci:0000:02:00.0', pciId: '10de:2204' })
    expect(
      sizes([
        [first, second],
        [twin, twin],
      ]),
    ).toEqual([2, 2])
    expect(sizes([[first], [twin, twin]])).toEqual([2, 1])
  })
  test('by its name as the last resort, however it is written', () => {
    expect(
      sizes([[card({ name: 'NVIDIA GeForce RTX 3060' })], [card({ name: 'GeForce RTX 3060' })]]),
    ).toEqual([2])
    expect(sizes([[card({ name: 'Apple M1' })], [card({ name: 'Apple M2' })]])).toEqual([1, 1])
  })
  test('a source that only supplements adds no card while another sees one', () => {
    const removed = card({ pciId: '1002:6fdf' })
    const present = card({ pciId: '10de:2503' })
    const registryKeys = { parts: [removed, present], supplements: true }
    expect(groupByCard([{ parts: [present], supplements: false }, registryKeys])).toHaveLength(1)
    expect(groupByCard([{ parts: [], supplements: false }, registryKeys])).toHaveLength(2)
  })
})

test('PCI addresses have one spelling', () => {
  expect(pciAddress('00000000:2B:00.0')).toBe('pci:0000:2b:00.0')
  expect(pciAddress('01:00.0')).toBe('pci:0000:01:00.0')
  expect(pciAddress('0000000F:01:00.0')).toBe('pci:000f:01:00.0')
  expect(pciAddress('[N/A]')).toBeNull()
})

test('vendors are recognised in free text, and not guessed', () => {
  expect(vendorByName('Advanced Micro Devices, Inc.')).toBe('AMD')
  expect(vendorByName('Intel(R) Iris(R) Xe')).toBe('Intel')
  expect(vendorByName('Some Corporation')).toBeNull()
})
