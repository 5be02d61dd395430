import type { GpuKind, WebGpuReport } from './report'
import { vendorByName } from './gpu-identity'
import { kindByName } from './gpu-kind'
import { leavesFrom } from './measured'

/** What there is to know of an adapter: GPUAdapter has it all; a plain object does as well. */
export interface AdapterFacts {
  readonly info: {
    readonly vendor: string
    readonly architecture: string
    readonly device: string
    readonly description: string
    readonly isFallbackAdapter?: boolean
    /** Dawn's, behind WebGPU developer features: 'discrete GPU', 'integrated GPU', 'CPU'. */
    readonly type?: string
    readonly backend?: string
  }
  readonly limits: {
    readonly maxBufferSize: number
    readonly maxStorageBufferBindingSize: number
    readonly maxComputeInvocationsPerWorkgroup: number
    readonly maxComputeWorkgroupStorageSize: number
  }
  readonly features: Iterable<string>
}

const leaf = leavesFrom('WebGPU')

/**
 * One adapter as a record. Chromium may hand out a CPU renderer silently: the kind says so. `known`: its name, from whoever knows
 * how this implementation words it.
 */
export function webGpuReport(
  { info, limits, features }: AdapterFacts,
  known?: string,
): WebGpuReport {
  const name =
    known ?? (info.description || info.device || `${info.vendor} ${info.architecture}`.trim())
  return {
    name: leaf(name, null, 'adapter.info'),
    vendor: leaf(
      vendorByName(`${info.vendor} ${name}`) ?? info.vendor,
      null,
      'adapter.info.vendor',
    ),
    architecture: leaf(info.architecture, null, 'adapter.info.architecture'),
    kind: leaf(kindOf(info, name), null, 'adapter.info', 'inferred'),
    backend: leaf(info.backend, null, 'adapter.info.backend'),
    maxBufferSize: leaf(limits.maxBufferSize, 'bytes', 'limits'),
    maxStorageBufferBindingSize: leaf(limits.maxStorageBufferBindingSize, 'bytes', 'limits'),
    maxComputeInvocationsPerWorkgroup: leaf(
      limits.maxComputeInvocationsPerWorkgroup,
      null,
      'limits',
    ),
    maxComputeWorkgroupStorageSize: leaf(limits.maxComputeWorkgroupStorageSize, 'bytes', 'limits'),
    features: leaf([...features].sort(), null, 'adapter.features'),
  }
}

const TYPES: Readonly<Record<string, GpuKind>> = {
  'discrete GPU': 'discrete',
  'integrated GPU': 'integrated',
  CPU: 'software',
}

function kindOf(info: AdapterFacts['info'], name: string): GpuKind | null {
  if (info.isFallbackAdapter === true) return 'software'
  const text = `${info.vendor} ${info.architecture} ${name}`
  // Apple's adapters name no chip: 'apple', 'metal-3'.
  if (/^apple/i.test(info.vendor)) return 'unified'
  const byName = kindByName(text)
  return byName === 'software' ? byName : (TYPES[info.type ?? ''] ?? byName)
}
