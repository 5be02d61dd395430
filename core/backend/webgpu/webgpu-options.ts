/** What GPUAdapterInfo says about the adapter, and what hosts know about it. */
export interface AdapterDescription {
  /** "nvidia", "intel", "google" */
  readonly vendor: string
  /** "ampere", "swiftshader"; '' where unknown */
  readonly architecture: string
  readonly device: string
  readonly description: string
  /** Computes on the CPU: GPUAdapterInfo.isFallbackAdapter, or a name known to be one. */
  readonly isSoftware: boolean
  /** Tells two adapters (and driver versions, where known) apart; prefix of the keys in a TileStore. */
  readonly key: string
}

/** Remembers which tiles were fastest, for each adapter and shape. Hosts keep it on disk; values are plain strings. */
export interface TileStore {
  get(key: string): string | undefined
  set(key: string, value: string): void
}

export interface WebgpuOptions {
  /**
   * A device of its own, made with `deviceDescriptor`; the backend destroys its buffers, the host the
   * device.
   */
  readonly device: GPUDevice
  readonly adapter: AdapterDescription
  /** Target length of one submit; default 100. A desktop that paints with the same GPU passes 8. */
  readonly submitMilliseconds?: number
  /** Without it, and on a software adapter, nothing is timed and fixed tiles are used. */
  readonly tiles?: TileStore
  /** For tests: times tiles on a software adapter too. */
  readonly timesSoftware?: boolean
  /** Milliseconds of a steady clock; default Date.now. */
  readonly clock?: () => number
}

/** The limits that a host asks for in `adapter.requestDevice`: all that the adapter has of what the kernels can use. */
export function deviceDescriptor(adapter: GPUAdapter): GPUDeviceDescriptor {
  const { limits } = adapter
  return {
    label: 'gradient workbench',
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    },
  }
}

/** Reads an adapter's info; `host` tells drivers apart where the host knows more than the info says. */
export function describeAdapter(adapter: GPUAdapter, host = ''): AdapterDescription {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info
  return {
    vendor,
    architecture,
    device,
    description,
    isSoftware: isFallbackAdapter || isSoftware(`${vendor} ${architecture} ${description}`),
    key: [vendor, architecture, device, description, host].filter((part) => part !== '').join('/'),
  }
}

/** Chromium hands out SwiftShader, and drivers llvmpipe or WARP, without always calling them fallback adapters. */
function isSoftware(names: string): boolean {
  return /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i.test(names)
}
