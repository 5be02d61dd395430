import { expect, test } from 'vitest'
import { machineOverridesSchema } from '#core/contract/machine'
import { assembleReport } from '#core/machine/assemble'
import { leavesFrom } from '#core/machine/measured'
import { applyOverrides } from '#core/machine/override'

const smi = leavesFrom('nvidia-smi')
const firmware = leavesFrom('SMBIOS')
const report = assembleReport(
  [
    {
      supplements: false,
      evidence: {
        gpus: [
          {
            id: smi('pci:0000:01:00.0', null, ''),
            name: smi('NVIDIA Something New', null, ''),
            vendor: smi('NVIDIA', null, ''),
            memoryClockMax: smi(10_000, 'MHz', ''),
          },
        ],
        memory: { speed: firmware(3200, 'MT/s', '') },
      },
    },
  ],
  [],
  [],
)
const WIDTH = 'gpus/pci:0000:01:00.0/memoryBusWidth'

test('a width written by hand completes the bandwidth', () => {
  expect(report.gpus[0]?.memoryBandwidth.value).toBeNull()
  const gpu = applyOverrides(report, [{ path: WIDTH, value: 256 }]).gpus[0]
  expect(gpu?.memoryBusWidth.confidence).toBe('override')
  expect(gpu?.memoryBandwidth.value).toBe(640)
  expect(gpu?.memoryBandwidth.method).toBe('10000 MHz x 2 x 256 bit / 8 = 640 GB/s')
})

test('what was found stays visible behind a correction', () => {
  const { memory } = applyOverrides(report, [
    { path: 'memory/speed', value: 3600 },
    { path: 'memory/channels', value: 2 },
  ])
  expect(memory.speed.conflicts).toEqual([
    { value: 3200, unit: 'MT/s', source: 'SMBIOS', confidence: 'reported' },
  ])
  expect(memory.bandwidth.value).toBe(57.6)
})

test('a bandwidth written by hand stands', () => {
  const gpu = applyOverrides(report, [
    { path: WIDTH, value: 256 },
    { path: 'gpus/pci:0000:01:00.0/memoryBandwidth', value: 600 },
  ]).gpus[0]
  expect(gpu?.memoryBandwidth.value).toBe(600)
})

test('corrections that fit nothing change nothing', () => {
  const nonsense = [
    { path: 'gpus/pci:0000:99:00.0/memoryBusWidth', value: 256 },
    { path: 'memory/noSuchLeaf', value: 1 },
    { path: 'memory/speed', value: 'fast' },
    { path: 'memory/bandwidth', value: 'wide' },
  ]
  expect(applyOverrides(report, nonsense)).toEqual(report)
})

test('stored corrections are checked before they are believed', () => {
  const parse = (overrides: unknown) =>
    machineOverridesSchema.safeParse({ version: 1, overrides }).success
  expect(parse([{ path: WIDTH, value: 384 }])).toBe(true)
  expect(parse([{ path: 'cpu/cores', value: 0 }])).toBe(false)
  expect(parse([{ path: '__proto__/x', value: 1 }])).toBe(false)
  expect(parse([{ path: 'cpu/cores', value: 4, note: '' }])).toBe(false)
  expect(parse('cpu/cores')).toBe(false)
})
