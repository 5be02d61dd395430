/**
 * What is known about a machine, value by value.
 *
 * Every leaf says where it comes from and how sure it is. Unknown is a value of its own: `value` is null
 * and `confidence` is 'unknown'; a number is never invented and never 0 for want of a better one.
 */

/**
 * How a value came about, from what a person said down to nothing at all:
 * override  a person wrote it;            measured  we timed it here;
 * reported  a driver or firmware said so; derived   computed from other values, `method` shows how;
 * table     from our list of known cards; inferred  a likely guess from indirect signs;
 * unknown   nobody could say.
 */
export type Confidence =
  'override' | 'measured' | 'reported' | 'derived' | 'table' | 'inferred' | 'unknown'

/** What another source said about the same value, kept because it disagrees. */
export interface Conflict<T> {
  readonly value: T
  readonly unit: string | null
  readonly source: string
  readonly confidence: Confidence
}

/** One leaf. `unit` is 'bytes', 'MHz', 'MT/s', 'bit', 'GB/s' (1e9), 'GFLOP/s' or null for text and counts. */
export interface Measured<T> {
  readonly value: T | null
  readonly unit: string | null
  /** The tool, file or table, e.g. 'nvidia-smi', '/proc/meminfo', 'known cards'. */
  readonly source: string
  /** What was read or how it was computed; for an unknown value, why it is unknown. */
  readonly method: string
  readonly confidence: Confidence
  readonly conflicts?: readonly Conflict<T>[]
}

export type LeafValue = string | number | boolean | readonly string[]
export type Leaf =
  Measured<string> | Measured<number> | Measured<boolean> | Measured<readonly string[]>

/**
 * discrete: its own memory; integrated: a slice of system memory; unified: one pool with the CPU by design
 * (Apple, GB10); software: the CPU pretending; virtual: a display adapter of a virtual machine.
 */
export type GpuKind = 'discrete' | 'integrated' | 'unified' | 'software' | 'virtual'

// Records are type aliases, not interfaces, so that code can walk their leaves.
export type CpuReport = {
  readonly name: Measured<string>
  readonly vendor: Measured<string>
  readonly architecture: Measured<string>
  readonly sockets: Measured<number>
  readonly cores: Measured<number>
  readonly performanceCores: Measured<number>
  readonly efficiencyCores: Measured<number>
  readonly threads: Measured<number>
  readonly clockBase: Measured<number>
  readonly clockMax: Measured<number>
  /** Of one core. */
  readonly cacheL1d: Measured<number>
  /** Of one core or one cluster, as the system lists it. */
  readonly cacheL2: Measured<number>
  /** Of the whole machine. */
  readonly cacheL3: Measured<number>
  /** The widest vector instruction set, e.g. 'AVX2', 'AVX-512', 'NEON'. */
  readonly simd: Measured<string>
  /** Whether this is a virtual machine. */
  readonly virtual: Measured<boolean>
}

export type MemoryReport = {
  readonly total: Measured<number>
  readonly used: Measured<number>
  readonly available: Measured<number>
  readonly type: Measured<string>
  /** The speed it runs at, in MT/s. */
  readonly speed: Measured<number>
  /** The speed printed on the modules, in MT/s. */
  readonly speedRated: Measured<number>
  /** Data bits of one module. */
  readonly dataWidth: Measured<number>
  /** Bits moved at once over all populated channels. */
  readonly busWidth: Measured<number>
  readonly slots: Measured<number>
  readonly slotsPopulated: Measured<number>
  /** Populated 64-bit channels; a DDR5 module, two 32-bit halves, counts as one. */
  readonly channels: Measured<number>
  readonly ecc: Measured<boolean>
  readonly bandwidth: Measured<number>
}

/** One populated memory slot. */
export type ModuleReport = {
  readonly locator: Measured<string>
  readonly size: Measured<number>
  readonly type: Measured<string>
  readonly speed: Measured<number>
  readonly speedRated: Measured<number>
  readonly dataWidth: Measured<number>
  readonly totalWidth: Measured<number>
  readonly formFactor: Measured<string>
  readonly manufacturer: Measured<string>
  readonly partNumber: Measured<string>
}

export type GpuReport = {
  /** Stable on one machine: 'pci:0000:01:00.0', or 'gpu:0' where there is no PCI address. */
  readonly id: Measured<string>
  readonly name: Measured<string>
  readonly vendor: Measured<string>
  readonly kind: Measured<GpuKind>
  /** 'vendor:device' in hexadecimal, e.g. '10de:2684'. */
  readonly pciId: Measured<string>
  /** Its own memory; for unified memory the pool it shares with the CPU. */
  readonly memoryTotal: Measured<number>
  readonly memoryUsed: Measured<number>
  /** System memory it may use besides (AMD: GTT) or of the pool (Apple: the wired limit). */
  readonly memoryShared: Measured<number>
  readonly memoryType: Measured<string>
  /** Now, as the driver counts; idle cards clock down. */
  readonly memoryClock: Measured<number>
  /** As the driver counts; `memoryDataRate` is the same in transfers per second. */
  readonly memoryClockMax: Measured<number>
  readonly memoryDataRate: Measured<number>
  readonly memoryBusWidth: Measured<number>
  readonly memoryBandwidth: Measured<number>
  readonly coreClock: Measured<number>
  readonly coreClockMax: Measured<number>
  readonly cores: Measured<number>
  readonly driver: Measured<string>
  /** Compute interfaces with versions, e.g. ['CUDA 8.9', 'Vulkan 1.3']. */
  readonly apis: Measured<readonly string[]>
  readonly pcieGeneration: Measured<number>
  readonly pcieWidth: Measured<number>
  readonly powerLimit: Measured<number>
  readonly temperature: Measured<number>
  readonly utilization: Measured<number>
}

/** One adapter as navigator.gpu (or Dawn in Node) offers it. */
export type WebGpuReport = {
  readonly name: Measured<string>
  readonly vendor: Measured<string>
  readonly architecture: Measured<string>
  readonly kind: Measured<GpuKind>
  readonly backend: Measured<string>
  readonly maxBufferSize: Measured<number>
  readonly maxStorageBufferBindingSize: Measured<number>
  readonly maxComputeInvocationsPerWorkgroup: Measured<number>
  readonly maxComputeWorkgroupStorageSize: Measured<number>
  readonly features: Measured<readonly string[]>
}

export type OsReport = {
  readonly name: Measured<string>
  readonly version: Measured<string>
  readonly kernel: Measured<string>
  readonly architecture: Measured<string>
}

export type DiskReport = {
  readonly path: Measured<string>
  readonly total: Measured<number>
  readonly free: Measured<number>
}

export type HostReport = { readonly name: Measured<string>; readonly model: Measured<string> }

/** What became of one prober. Missing tools and permissions are normal. */
export interface ProberOutcome {
  readonly prober: string
  readonly outcome: 'ok' | 'missing' | 'denied' | 'timeout' | 'failed' | 'unreadable'
  readonly detail: string
  readonly milliseconds: number
}

export interface MachineReport {
  readonly type: 'machine'
  readonly host: HostReport
  readonly os: OsReport
  readonly cpu: CpuReport
  readonly memory: MemoryReport
  readonly modules: readonly ModuleReport[]
  readonly gpus: readonly GpuReport[]
  readonly webgpu: readonly WebGpuReport[]
  readonly disk: DiskReport
  readonly probers: readonly ProberOutcome[]
}

/** Timed here; GB/s counts bytes read plus bytes written. */
export interface MeasurementReport {
  /** 'cpu' or the name of a WebGPU adapter. */
  readonly device: string
  /** One thread copies. */
  readonly memoryBandwidth: Measured<number>
  readonly memoryBandwidthAllThreads: Measured<number>
  readonly gflopsOneThread: Measured<number>
  readonly gflopsAllThreads: Measured<number>
}
