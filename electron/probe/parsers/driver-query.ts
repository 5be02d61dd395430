import type { GpuReport } from '#core/machine/report'
import type { Evidence } from '#core/machine/evidence'
import { pciAddress } from '#core/machine/gpu-identity'
import { leavesFrom, type LeafMaker } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { isObject, numberIn, objectsIn, parseJson, textIn, type JsonObject } from './json'
import { positive, times } from './numbers'

const nvml = leavesFrom('NVML')
const amdgpu = leavesFrom('amdgpu ioctl')

/** AMDGPU_VRAM_TYPE_* of the kernel's amdgpu_drm.h. 6 is HBM of any generation. */
const VRAM_TYPES: Readonly<Record<number, string>> = {
  2: 'DDR2',
  3: 'GDDR3',
  4: 'GDDR4',
  5: 'GDDR5',
  6: 'HBM',
  7: 'DDR3',
  8: 'DDR4',
  9: 'GDDR6',
  10: 'DDR5',
  11: 'LPDDR4',
  12: 'LPDDR5',
}

/** Parses what the driver query script prints: { nvml: [...], amdgpu: [...] }. Null for anything else. */
export function parseDriverQuery(stdout: string): Evidence | null {
  const answer = parseJson(stdout)
  if (!isObject(answer) || !('nvml' in answer) || !('amdgpu' in answer)) return null
  return {
    gpus: [...objectsIn(answer.nvml).map(ofNvml), ...objectsIn(answer.amdgpu).map(ofAmdgpu)],
  }
}

/** NVML stands 0 for a width or clock that it does not know (GB10). */
function ofNvml(card: JsonObject): Part<GpuReport> {
  return {
    ...identity(card, nvml),
    vendor: nvml('NVIDIA', null, 'NVML knows NVIDIA cards only'),
    memoryBusWidth: nvml(width(card, 'busWidth'), 'bit', 'nvmlDeviceGetMemoryBusWidth'),
    memoryClockMax: nvml(
      positive(numberIn(card, 'memoryClock')),
      'MHz',
      'nvmlDeviceGetMaxClockInfo',
    ),
  }
}

function ofAmdgpu(card: JsonObject): Part<GpuReport> {
  const clock = positive(numberIn(card, 'memoryClock'))
  return {
    ...identity(card, amdgpu),
    vendor: amdgpu('AMD', null, 'amdgpu drives AMD cards only'),
    memoryType: amdgpu(VRAM_TYPES[numberIn(card, 'vramType') ?? 0], null, 'vram_type'),
    memoryBusWidth: amdgpu(width(card, 'busWidth'), 'bit', 'vram_bit_width'),
    memoryClockMax: amdgpu(times(clock, 1 / 1000), 'MHz', 'max_memory_clock'),
  }
}

function identity(card: JsonObject, leaf: LeafMaker): Part<GpuReport> {
  const id = pciAddress(textIn(card, 'busId') ?? '')
  return id === null ? {} : { id: leaf(id, null, 'the PCI address') }
}

/** No card's memory is wider than 8 stacks of 1024 bits, twice over. */
function width(card: JsonObject, key: string): number | null {
  const bits = numberIn(card, key)
  return bits !== null && bits <= 16384 ? positive(bits) : null
}
