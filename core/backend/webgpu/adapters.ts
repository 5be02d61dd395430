/** Adapters as WebGPU hands them out: one for each power preference, where a machine has two GPUs. */

/** 'high-performance': usually the card with memory of its own; 'low-power': the one beside the CPU. */
export type PowerPreference = 'high-performance' | 'low-power'

/** The adapter that trains. */
export const TRAINS: PowerPreference = 'high-performance'

/** A GPUAdapter as a plain object, for ports that carry none. */
export function plainAdapter({ info, limits, features }: GPUAdapter) {
  return {
    info: {
      vendor: info.vendor,
      architecture: info.architecture,
      device: info.device,
      description: info.description,
      isFallbackAdapter: info.isFallbackAdapter,
    },
    limits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    },
    features: [...features].sort(),
  }
}

/**
 * The adapter that `gpu` gives besides `chosen`, and by which preference; null where every preference ends at the same one. Of more
 * than two GPUs WebGPU shows no more.
 */
export async function otherAdapter(
  gpu: GPU,
  chosen: GPUAdapter,
  preference: PowerPreference,
): Promise<{ readonly adapter: GPUAdapter; readonly preference: PowerPreference } | null> {
  const other = preference === 'low-power' ? 'high-performance' : 'low-power'
  const adapter = await gpu.requestAdapter({ powerPreference: other })
  return adapter === null || identity(adapter) === identity(chosen)
    ? null
    : { adapter, preference: other }
}

/** All that an adapter tells of itself; two cards of one model are one to it. */
function identity({ info }: GPUAdapter): string {
  return [info.vendor, info.architecture, info.device, info.description].join('/')
}
