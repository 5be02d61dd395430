import { expect, test } from 'vitest'
import { BLANK_GPU } from '#core/machine/blank-report'
import { KNOWN_GPUS } from '#core/machine/gpu-table'
import { knownGpu, soldSizes } from '#core/machine/known-gpu'
import { kindByName } from '#core/machine/gpu-kind'
import { leavesFrom } from '#core/machine/measured'

const leaf = leavesFrom('test')
const GIB = 1024 ** 3

function look(
  vendor: string,
  name: string,
  gib: number | null = null,
  cores: number | null = null,
) {
  const found = knownGpu({
    ...BLANK_GPU,
    vendor: leaf(vendor, null, ''),
    name: leaf(name, null, ''),
    memoryTotal: leaf(gib === null ? null : gib * GIB, 'bytes', ''),
    cores: leaf(cores, null, ''),
  })
  const rate = found.memoryDataRate?.value ?? null
  const width = found.memoryBusWidth?.value ?? null
  const bandwidth = rate === null || width === null ? null : Math.round((rate * width) / 8000)
  return { type: found.memoryType?.value ?? null, width, bandwidth }
}

/** Makers' data sheets. */
test.each([
  ['NVIDIA', 'NVIDIA GeForce RTX 5080', 16, 960],
  ['NVIDIA', 'NVIDIA GeForce RTX 5070 Ti', 16, 896],
  ['NVIDIA', 'NVIDIA GeForce RTX 4080 SUPER', 16, 736],
  ['NVIDIA', 'NVIDIA GeForce RTX 4080', 16, 717],
  ['NVIDIA', 'NVIDIA GeForce RTX 4070 Ti', 12, 504],
  ['NVIDIA', 'NVIDIA GeForce RTX 4060', 8, 272],
  ['NVIDIA', 'NVIDIA GeForce RTX 3080', 10, 760],
  ['NVIDIA', 'NVIDIA GeForce RTX 3080', 12, 912],
  ['NVIDIA', 'NVIDIA GeForce RTX 3070', 8, 448],
  ['NVIDIA', 'NVIDIA GeForce RTX 3050', 8, 224],
  ['NVIDIA', 'NVIDIA GeForce RTX 3050', 6, 168],
  ['NVIDIA', 'NVIDIA GeForce GTX 1660 SUPER', 6, 336],
  ['NVIDIA', 'NVIDIA GeForce GTX 1080 Ti', 11, 484],
  ['NVIDIA', 'Tesla V100-SXM2-16GB', 15.8, 898],
  ['NVIDIA', 'NVIDIA A100 80GB PCIe', 80, 1935],
  ['NVIDIA', 'NVIDIA A10', 22.5, 600],
  ['NVIDIA', 'NVIDIA L4', 22.5, 300],
  ['NVIDIA', 'NVIDIA L40S', 45, 864],
  ['NVIDIA', 'NVIDIA H100 80GB HBM3', 79.6, 3352],
  ['NVIDIA', 'NVIDIA RTX A6000', 48, 768],
  ['NVIDIA', 'NVIDIA RTX 6000 Ada Generation', 48, 960],
  ['AMD', 'AMD Radeon RX 7800 XT', 16, 624],
  ['AMD', 'AMD Radeon RX 7600', 8, 288],
  ['AMD', 'AMD Radeon RX 6700 XT', 12, 384],
  ['AMD', 'AMD Radeon RX 9070 XT', 16, 640],
  ['AMD', 'AMD Radeon VII', 16, 1024],
  ['AMD', 'AMD Instinct MI300X', 192, 5325],
  ['Intel', 'Intel(R) Arc(TM) B580 Graphics', 12, 456],
  ['Intel', 'Intel Arc A380', 6, 186],
] as const)('%s: %s with %d GiB', (vendor, name, gib, published) => {
  expect(look(vendor, name, gib).bandwidth).toBe(published)
})

test.each([
  ['Apple M1', null, 68],
  ['Apple M1 Ultra', null, 819],
  ['Apple M2', null, 102],
  ['Apple M3 Pro', null, 154],
  ['Apple M3 Max', 30, 307],
  ['Apple M3 Max', 40, 410],
  ['Apple M4 Pro', null, 273],
  ['Apple M4 Max', 40, 546],
] as const)('%s with %s GPU cores', (name, cores, published) => {
  expect(look('Apple', name, null, cores).bandwidth).toBe(published)
})

test('where cards of one name differ, only what they share is filled in', () => {
  expect(look('NVIDIA', 'NVIDIA GeForce RTX 3080')).toEqual({
    type: 'GDDR6X',
    width: null,
    bandwidth: null,
  })
  expect(look('NVIDIA', 'NVIDIA GeForce RTX 4070', 12)).toEqual({
    type: null,
    width: 192,
    bandwidth: null,
  })
  expect(look('Apple', 'Apple M3 Max').width).toBeNull()
})

test('a card that is almost a known one is unknown', () => {
  for (const name of [
    'RTX 2080 with Max-Q Design',
    'RX 6600M',
    'RTX 4090 D',
    'Arc A770M',
    'A100X',
  ]) {
    expect(look('NVIDIA', `NVIDIA GeForce ${name}`).type, name).toBeNull()
    expect(look('AMD', `AMD Radeon ${name}`).type, name).toBeNull()
    expect(look('Intel', `Intel ${name}`).type, name).toBeNull()
  }
  expect(look('AMD', 'AMD Radeon RX 7900 XT/7900 XTX/7900M').type).toBeNull()
  expect(look('NVIDIA', 'NVIDIA GeForce RTX 4090', 48).type).toBeNull()
})

test('sizes in which a card is sold are in bytes', () => {
  expect(soldSizes('NVIDIA', 'NVIDIA GeForce GTX 1060 6GB')).toEqual([3 * GIB, 6 * GIB])
  expect(soldSizes(null, 'NVIDIA GeForce GTX 1060 6GB')).toEqual([])
})

test('every row of the list is plausible', () => {
  for (const row of Object.values(KNOWN_GPUS).flat()) {
    expect(row.width ?? 128, String(row.name)).toBeGreaterThanOrEqual(64)
    expect((row.width ?? 64) % 32, String(row.name)).toBe(0)
    expect(row.rate ?? 1000, String(row.name)).toBeGreaterThanOrEqual(1000)
    expect(row.rate ?? 1000, String(row.name)).toBeLessThanOrEqual(32_000)
  }
})

test.each([
  ['NVIDIA GeForce RTX 4090', 'discrete'],
  ['NVIDIA GB10', 'unified'],
  ['AMD Radeon RX 6600', 'discrete'],
  ['AMD Radeon RX Vega 64', 'discrete'],
  ['AMD Radeon Pro 5500M', 'discrete'],
  ['AMD Radeon(TM) Graphics', 'integrated'],
  ['AMD Radeon(TM) Vega 8 Graphics', 'integrated'],
  ['AMD Radeon 780M Graphics', 'integrated'],
  ['AMD Radeon(TM) 890M', 'integrated'],
  ['Intel(R) UHD Graphics 770', 'integrated'],
  ['Intel(R) Iris(R) Xe Graphics', 'integrated'],
  ['Intel(R) Arc(TM) Graphics', 'integrated'],
  ['Intel(R) Arc(TM) 140V GPU (16GB)', 'integrated'],
  ['Intel(R) Arc(TM) A770 Graphics', 'discrete'],
  ['Intel(R) Arc(TM) Pro B60 Graphics', 'discrete'],
  ['Apple M3 Max', 'unified'],
  ['llvmpipe (LLVM 17.0.6, 256 bits)', 'software'],
  ['Google SwiftShader', 'software'],
  ['Microsoft Basic Render Driver', 'software'],
  ['Microsoft Basic Display Adapter', 'software'],
  ['VMware SVGA 3D', 'virtual'],
  ['Microsoft Hyper-V Video', 'virtual'],
  ['Parallels Display Adapter (WDDM)', 'virtual'],
  ['ASPEED Graphics Family', null],
] as const)('the name %s suggests %s', (name, kind) => {
  expect(kindByName(name)).toBe(kind)
})
