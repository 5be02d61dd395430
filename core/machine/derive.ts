import type { GpuReport, MachineReport, Measured, MemoryReport } from './report'
import { clockConvention, dataRate, gpuBandwidth, memoryBandwidth } from './bandwidth'

/** Everything that follows from other values, computed last: after merging, and again after an override. */
export function withDerived(report: MachineReport): MachineReport {
  const memory = deriveMemory(report.memory, report.gpus)
  return { ...report, memory, gpus: report.gpus.map((gpu) => deriveGpu(gpu, memory)) }
}

/** A person's word and a driver's own statement stand; what we computed before is computed afresh. */
function stands(leaf: Measured<unknown>): boolean {
  return leaf.value !== null && (leaf.confidence === 'override' || leaf.confidence === 'reported')
}

function deriveMemory(memory: MemoryReport, gpus: readonly GpuReport[]): MemoryReport {
  if (stands(memory.bandwidth)) return memory
  const pool = gpus.find((gpu) => gpu.kind.value === 'unified' && gpu.memoryBusWidth.value !== null)
  if (pool === undefined) {
    return { ...memory, bandwidth: memoryBandwidth(memory.speed, memory.channels) }
  }
  const { memoryDataRate, memoryBusWidth } = pool
  return {
    ...memory,
    type: memory.type.value === null ? pool.memoryType : memory.type,
    speed: memory.speed.value === null ? memoryDataRate : memory.speed,
    busWidth: memory.busWidth.value === null ? memoryBusWidth : memory.busWidth,
    bandwidth: gpuBandwidth(memoryDataRate, memoryBusWidth),
  }
}

function deriveGpu(gpu: GpuReport, memory: MemoryReport): GpuReport {
  const own = gpu.kind.value === 'integrated' ? usingSystemMemory(gpu, memory) : gpu
  const pooled = own.kind.value === 'unified' ? sharingThePool(own, memory) : own
  const rate = rateOf(pooled)
  return {
    ...pooled,
    memoryDataRate: rate,
    memoryBandwidth: stands(pooled.memoryBandwidth)
      ? pooled.memoryBandwidth
      : bandwidthOf(pooled, rate, memory),
  }
}

/** From the clock where there is one and we know how it counts; else what the list of cards says. */
function rateOf(gpu: GpuReport): Measured<number> {
  if (stands(gpu.memoryDataRate) || gpu.kind.value === 'integrated') return gpu.memoryDataRate
  const rate = dataRate(gpu.memoryClockMax, clockConvention(gpu.vendor.value), gpu.memoryType.value)
  return rate.value === null && gpu.memoryDataRate.value !== null ? gpu.memoryDataRate : rate
}

function bandwidthOf(
  gpu: GpuReport,
  rate: Measured<number>,
  memory: MemoryReport,
): Measured<number> {
  const shared = gpu.kind.value === 'integrated' && memory.bandwidth.value !== null
  return shared ? share(memory.bandwidth) : gpuBandwidth(rate, gpu.memoryBusWidth)
}

function usingSystemMemory(gpu: GpuReport, memory: MemoryReport): GpuReport {
  return {
    ...gpu,
    memoryType: gpu.memoryType.value === null ? share(memory.type) : gpu.memoryType,
    memoryDataRate: share(memory.speed),
    memoryBusWidth: gpu.memoryBusWidth.value === null ? share(memory.busWidth) : gpu.memoryBusWidth,
    memoryTotal:
      gpu.memoryTotal.value === null
        ? { ...gpu.memoryTotal, method: 'it has no memory of its own and uses system memory' }
        : gpu.memoryTotal,
  }
}

function sharingThePool(gpu: GpuReport, memory: MemoryReport): GpuReport {
  return gpu.memoryTotal.value === null ? { ...gpu, memoryTotal: share(memory.total) } : gpu
}

/** A value of system memory, seen from a GPU that uses it. */
function share<T>(leaf: Measured<T>): Measured<T> {
  if (leaf.value === null) return leaf
  const confidence = leaf.confidence === 'reported' ? 'derived' : leaf.confidence
  return { ...leaf, method: `shares system memory: ${leaf.method}`, confidence }
}
