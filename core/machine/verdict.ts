import type { GpuReport, MachineReport, WebGpuReport } from './report'

/** The sentence "you will train on the … because …" as data: the interface words it in each language. */
export type Verdict =
  | CpuVerdict<'noGpu', object>
  | CpuVerdict<'virtualGpuOnly', { readonly gpu: string }>
  | CpuVerdict<'softwareOnly', { readonly adapter: string }>
  /** A real card is there, but WebGPU does not offer it: usually a driver matter. */
  | CpuVerdict<'gpuWithoutWebGpu', { readonly gpu: string }>
  | CpuVerdict<
      'doesNotFit',
      { readonly gpu: string; readonly needed: number; readonly limit: number }
    >
  /** The GPU does not take this net. `reason`: as core/backend/webgpu/refusal.ts says it. */
  | CpuVerdict<'refused', { readonly gpu: string; readonly reason: string }>
  | CpuVerdict<'cpuIsFaster', Speeds>
  | GpuVerdict<'gpuIsFaster', Speeds>
  | GpuVerdict<'discreteGpu', GpuFacts>
  | GpuVerdict<'unifiedGpu', GpuFacts>
  | GpuVerdict<'integratedGpu', GpuFacts>
  | GpuVerdict<'unknownGpu', GpuFacts>

interface CpuVerdict<K extends string, P> {
  readonly device: 'cpu'
  readonly because: K
  /** The CPU's name goes with every verdict. Null where unknown. */
  readonly params: P & { readonly cpu: string | null }
}
interface GpuVerdict<K extends string, P> {
  readonly device: 'webgpu'
  readonly because: K
  readonly params: P & { readonly cpu: string | null }
}
interface Speeds {
  readonly gpu: string
  /** Seconds an epoch of the present spec. */
  readonly gpuSeconds: number
  readonly cpuSeconds: number
}
interface GpuFacts {
  readonly gpu: string
  /** Bytes, and GB/s of both sides; null where unknown. */
  readonly memory: number | null
  readonly gpuBandwidth: number | null
  readonly cpuBandwidth: number | null
}

export interface VerdictInput {
  readonly report: MachineReport
  /**
   * Whether somebody asked WebGPU for adapters. Where nobody did (a probe on the command line), a real card is taken
   * to be usable.
   */
  readonly webgpuAsked: boolean
  /** Predicted seconds an epoch, once measured. */
  readonly seconds?: { readonly cpu: number; readonly webgpu: number }
  /** Bytes that the present spec needs at once in one buffer, to be held against the adapter's limit. */
  readonly largestBuffer?: number
  /** Why the GPU does not take the present spec; null where it does. */
  readonly refusal?: string | null
}

/** Whether WebGPU has answered, be it that there is no adapter. */
export function askedWebGpu({ webgpu, probers }: MachineReport): boolean {
  const asked = probers.find(({ prober }) => prober === WEBGPU_PROBER)
  return webgpu.length > 0 || (asked !== undefined && asked.outcome !== 'timeout')
}

/** Its name among the probers. */
export const WEBGPU_PROBER = 'WebGPU'

/** Which device will train the present spec, and the reason that decided it. */
export function verdict(input: VerdictInput): Verdict {
  const { report, seconds, largestBuffer = 0, refusal = null } = input
  const cpu = report.cpu.name.value
  const chosen = usableGpu(input)
  if ('because' in chosen) return chosen
  const { gpu, adapter } = chosen
  const name = gpu?.name.value ?? adapter?.name.value ?? 'GPU'
  if (refusal !== null)
    return { device: 'cpu', because: 'refused', params: { cpu, gpu: name, reason: refusal } }
  const limit = bufferLimit(adapter)
  if (limit !== null && largestBuffer > limit) {
    const params = { cpu, gpu: name, needed: largestBuffer, limit }
    return { device: 'cpu', because: 'doesNotFit', params }
  }
  if (seconds !== undefined) {
    const params = { cpu, gpu: name, gpuSeconds: seconds.webgpu, cpuSeconds: seconds.cpu }
    return seconds.webgpu < seconds.cpu
      ? { device: 'webgpu', because: 'gpuIsFaster', params }
      : { device: 'cpu', because: 'cpuIsFaster', params }
  }
  const params = {
    cpu,
    gpu: name,
    memory: gpu?.memoryTotal.value ?? null,
    gpuBandwidth: gpu?.memoryBandwidth.value ?? null,
    cpuBandwidth: report.memory.bandwidth.value,
  }
  return { device: 'webgpu', because: REASONS[realKind(gpu, adapter)], params }
}

/** The smaller of two limits holds. */
function bufferLimit(adapter: WebGpuReport | null): number | null {
  const limits = [adapter?.maxBufferSize.value, adapter?.maxStorageBufferBindingSize.value]
  const known = limits.filter((limit) => typeof limit === 'number')
  return known.length === 0 ? null : Math.min(...known)
}

const REASONS = {
  discrete: 'discreteGpu',
  unified: 'unifiedGpu',
  integrated: 'integratedGpu',
  unknown: 'unknownGpu',
} as const

function realKind(gpu: GpuReport | null, adapter: WebGpuReport | null): keyof typeof REASONS {
  const kind = gpu?.kind.value ?? adapter?.kind.value ?? null
  return kind === null || kind === 'software' || kind === 'virtual' ? 'unknown' : kind
}

interface Usable {
  readonly gpu: GpuReport | null
  readonly adapter: WebGpuReport | null
}

function usableGpu({ report, webgpuAsked }: VerdictInput): Usable | Verdict {
  const cpu = report.cpu.name.value
  const real = report.gpus.filter(
    ({ kind }) => kind.value !== 'virtual' && kind.value !== 'software',
  )
  const adapters = report.webgpu.filter(({ kind }) => kind.value !== 'software')
  const adapter = adapters[0] ?? null
  if (adapter !== null) {
    const vendor = adapter.vendor.value
    return { adapter, gpu: real.find((gpu) => gpu.vendor.value === vendor) ?? real[0] ?? null }
  }
  const first = real[0]
  if (first !== undefined) {
    if (!webgpuAsked) return { adapter: null, gpu: first }
    const gpu = first.name.value ?? 'GPU'
    return { device: 'cpu', because: 'gpuWithoutWebGpu', params: { cpu, gpu } }
  }
  const software = report.webgpu[0]
  if (software !== undefined) {
    const name = software.name.value ?? 'software renderer'
    return { device: 'cpu', because: 'softwareOnly', params: { cpu, adapter: name } }
  }
  const virtual = report.gpus[0]
  if (virtual === undefined) return { device: 'cpu', because: 'noGpu', params: { cpu } }
  const gpu = virtual.name.value ?? virtual.vendor.value ?? 'GPU'
  return { device: 'cpu', because: 'virtualGpuOnly', params: { cpu, gpu } }
}
