import { describe, expect, test } from 'vitest'
import {
  clockConvention,
  dataRate,
  gpuBandwidth,
  memoryBandwidth,
  transfersPerClock,
  type ClockSource,
} from '#core/machine/bandwidth'
import { KNOWN_GPUS } from '#core/machine/gpu-table'
import { leavesFrom, unknownLeaf } from '#core/machine/measured'

const leaf = leavesFrom('a tool')

/** Published GB/s, and the clock in MHz as each source counts it. */
const PUBLISHED: readonly (readonly [string, ClockSource, number, string, number, number])[] = [
  ['RTX 5090', 'nvml', 14001, 'GDDR7', 512, 1792],
  ['RTX 4090', 'nvml', 10501, 'GDDR6X', 384, 1008],
  ['RTX 3090', 'nvml', 9751, 'GDDR6X', 384, 936],
  ['RTX 3060', 'nvml', 7501, 'GDDR6', 192, 360],
  ['RTX 2080 Ti', 'nvml', 7000, 'GDDR6', 352, 616],
  ['GTX 1080', 'nvml', 5005, 'GDDR5X', 256, 320],
  ['T4', 'nvml', 5001, 'GDDR6', 256, 320],
  ['A100 40 GB', 'nvml', 1215, 'HBM2', 5120, 1555],
  ['A100 80 GB SXM', 'nvml', 1593, 'HBM2e', 5120, 2039],
  ['H100 SXM', 'nvml', 2619, 'HBM3', 5120, 3352],
  ['B200', 'nvml', 3996, 'HBM3e', 7680, 7672],
  ['RX 7900 XTX', 'amdgpu', 1250, 'GDDR6', 384, 960],
  ['RX 6800 XT', 'amdgpu', 1000, 'GDDR6', 256, 512],
  ['RX 6600', 'amdgpu', 875, 'GDDR6', 128, 224],
  ['RX 580', 'amdgpu', 2000, 'GDDR5', 256, 256],
  ['RX Vega 64', 'amdgpu', 945, 'HBM2', 2048, 484],
  ['Radeon 780M, LPDDR5-6400', 'amdgpu', 1600, 'LPDDR5', 128, 102.4],
  ['RTX 4090, GPU-Z', 'command clock', 1313, 'GDDR6X', 384, 1008],
  ['RTX 3060, GPU-Z', 'command clock', 1875, 'GDDR6', 192, 360],
  ['GTX 1080, GPU-Z', 'command clock', 1251, 'GDDR5X', 256, 320],
  ['GTX 1070, GPU-Z', 'command clock', 2002, 'GDDR5', 256, 256],
  ['RTX 5090, GPU-Z', 'command clock', 1750, 'GDDR7', 512, 1792],
  ['A100 40 GB, GPU-Z', 'command clock', 1215, 'HBM2', 5120, 1555],
]

test.each(PUBLISHED)('%s: the published bandwidth', (_, source, clock, type, width, published) => {
  const rate = dataRate(leaf(clock, 'MHz', 'clock'), source, type)
  const bandwidth = gpuBandwidth(rate, leaf(width, 'bit', 'width')).value ?? 0
  expect(Math.abs(bandwidth / published - 1)).toBeLessThan(0.003)
})

/** Published GB/s of system memory: MT/s and populated 64-bit channels. */
const PUBLISHED_RAM: readonly (readonly [string, number, number, number])[] = [
  ['DDR3-1600, one channel', 1600, 1, 12.8],
  ['DDR4-2666, one channel', 2666, 1, 21.3],
  ['DDR4-3200, two channels', 3200, 2, 51.2],
  ['DDR5-4800, two channels', 4800, 2, 76.8],
  ['DDR5-5600, two channels', 5600, 2, 89.6],
  ['DDR5-6000, two channels', 6000, 2, 96],
  ['LPDDR4X-4266, 128 bit', 4266, 2, 68.3],
  ['LPDDR5-6400, 128 bit', 6400, 2, 102.4],
  ['LPDDR5X-7500, 128 bit', 7500, 2, 120],
  ['LPDDR5X-8533, 128 bit', 8533, 2, 136.5],
  ['Xeon Gold 6148, DDR4-2666, 6 channels', 2666, 6, 128],
  ['EPYC 7763, DDR4-3200, 8 channels', 3200, 8, 204.8],
  ['EPYC 9654, DDR5-4800, 12 channels', 4800, 12, 460.8],
]

test.each(PUBLISHED_RAM)('%s: the published bandwidth', (_, speed, channels, published) => {
  const { value } = memoryBandwidth(leaf(speed, 'MT/s', 'speed'), leaf(channels, null, 'slots'))
  expect(Math.abs((value ?? 0) / published - 1)).toBeLessThan(0.003)
})

/** GB/s that Apple publishes (rounded down in places) for its pools, and how many GPU cores tell them apart. */
const PUBLISHED_APPLE: readonly (readonly [string, number | undefined, number])[] = [
  ['M1', undefined, 68.25],
  ['M1 Pro', undefined, 200],
  ['M1 Max', undefined, 400],
  ['M1 Ultra', undefined, 800],
  ['M2', undefined, 100],
  ['M2 Max', undefined, 400],
  ['M3', undefined, 100],
  ['M3 Pro', undefined, 150],
  ['M3 Max', 30, 300],
  ['M3 Max', 40, 400],
  ['M4', undefined, 120],
  ['M4 Pro', undefined, 273],
  ['M4 Max', 32, 410],
  ['M4 Max', 40, 546],
]

test.each(PUBLISHED_APPLE)('%s with %s GPU cores: the published bandwidth', (chip, cores, says) => {
  const known = KNOWN_GPUS.Apple?.find((card) => card.name.test(chip) && card.cores === cores)
  const rate = leaf(known?.rate ?? null, 'MT/s', 'listed', 'table')
  const { value } = gpuBandwidth(rate, leaf(known?.width ?? null, 'bit', 'listed', 'table'))
  expect(Math.abs((value ?? 0) / says - 1)).toBeLessThan(0.025)
})

test('the derivation is written out as a person would', () => {
  const rate = dataRate(leaf(10501, 'MHz', 'clock'), 'nvml', 'GDDR6X')
  const bandwidth = gpuBandwidth(rate, leaf(384, 'bit', 'width'))
  expect(bandwidth.method).toBe('10501 MHz x 2 x 384 bit / 8 = 1008.1 GB/s')
  expect(bandwidth.confidence).toBe('derived')
  expect(memoryBandwidth(leaf(3200, 'MT/s', ''), leaf(2, null, '')).method).toBe(
    '3200 MT/s x 64 bit / 8 x 2 channels = 51.2 GB/s',
  )
  const pool = gpuBandwidth(leaf(6400, 'MT/s', 'known cards', 'table'), leaf(512, 'bit', ''))
  expect(pool.method).toBe('6400 MT/s x 512 bit / 8 = 409.6 GB/s')
})

describe('what is not known stays unknown', () => {
  const unknown = unknownLeaf('MHz')
  const width = leaf(256, 'bit', 'width')

  test('without a clock, a convention or a known type there is no data rate', () => {
    expect(dataRate(unknown, 'nvml', 'GDDR6').value).toBeNull()
    expect(dataRate(leaf(1000, 'MHz', ''), null, 'GDDR6').value).toBeNull()
    expect(dataRate(leaf(1000, 'MHz', ''), 'amdgpu', null).value).toBeNull()
    expect(dataRate(leaf(1000, 'MHz', ''), 'amdgpu', 'GDDR9').value).toBeNull()
    expect(transfersPerClock('command clock', 'RLDRAM')).toBeNull()
    expect(clockConvention('Intel')).toBeNull()
  })

  test('the missing factors are named', () => {
    expect(gpuBandwidth(unknown, width).method).toBe('needs the memory data rate')
    expect(gpuBandwidth(unknown, unknown).method).toContain('and the bus width')
    expect(memoryBandwidth(unknown, leaf(2, null, '')).method).toBe('needs the memory speed')
  })

  test('a result is no surer than its least sure factor', () => {
    const table = leaf(20000, 'MT/s', 'listed', 'table')
    const inferred = leaf(2, null, 'slot names', 'inferred')
    expect(gpuBandwidth(table, width).confidence).toBe('table')
    expect(memoryBandwidth(leaf(3200, 'MT/s', ''), inferred).confidence).toBe('inferred')
  })
})
