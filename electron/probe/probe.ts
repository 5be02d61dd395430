import type { MachineReport, WebGpuReport } from '#core/machine/report'
import { assembleReport } from '#core/machine/assemble'
import type { Host } from './host'
import { localHost } from './local-host'
import { runProber, type Prober } from './prober'
import { diskProber, nodeRuntime } from './probers/everywhere'
import { driverQuery } from './probers/driver-query'
import { procCpuinfo, sysfsCpu } from './probers/linux-cpu'
import { dmidecode, smbios, udevDmi } from './probers/linux-memory-modules'
import { linuxPci } from './probers/linux-pci'
import { osRelease, procMeminfo, productName } from './probers/linux-system'
import { lspci } from './probers/lspci'
import { macProfiler, macSysctl, macVmStat } from './probers/mac'
import { nvidiaSmi } from './probers/nvidia-smi'
import { vulkaninfo } from './probers/vulkaninfo'
import { windowsCim, windowsRegistry } from './probers/windows'

/**
 * In order of trust: where two sources are equally sure, the earlier one is believed. What only supplements
 * comes after the sources that see the cards.
 */
const PROBERS: readonly Prober[] = [
  nvidiaSmi,
  linuxPci,
  driverQuery,
  windowsCim,
  windowsRegistry,
  macProfiler,
  macSysctl,
  macVmStat,
  lspci,
  vulkaninfo,
  smbios,
  udevDmi,
  dmidecode,
  procCpuinfo,
  sysfsCpu,
  procMeminfo,
  osRelease,
  productName,
  nodeRuntime,
]

/** All probers run side by side, so that this is also about the time the whole probe may take. */
const TIMEOUT_MS = 1200

export interface ProbeOptions {
  readonly host?: Host
  /** For each prober. */
  readonly timeoutMs?: number
  /** A folder on the disk whose free space matters. */
  readonly diskPath?: string
  /** Asks the process that owns a GPU for its adapters; what takes longer than the timeout is left out. */
  readonly webgpu?: () => Promise<readonly WebGpuReport[]>
  /** More sources, believed after ours. */
  readonly extra?: readonly Prober[]
}

/** Finds out what is in this machine. Never rejects: what cannot be found out is unknown, and `probers` says why. */
export async function probeMachine(options: ProbeOptions = {}): Promise<MachineReport> {
  const host = options.host ?? localHost
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  const probers = [
    ...PROBERS,
    diskProber(options.diskPath ?? process.cwd()),
    ...(options.extra ?? []),
  ].filter((prober) => prober.platforms.includes(host.platform))
  const [webgpu, ...probed] = await Promise.all([
    askWebGpu(options.webgpu, timeoutMs),
    ...probers.map((prober) => runProber(prober, host, timeoutMs)),
  ])
  return assembleReport(
    probed.map(({ prober, evidence }) => ({ evidence, supplements: prober.supplements === true })),
    webgpu,
    probed.map(({ outcome }) => outcome),
  )
}

/** Remembers the last report; `refresh` probes anew. Concurrent callers share one probe. */
export function cachedProbe(options: ProbeOptions = {}): {
  readonly get: () => Promise<MachineReport>
  readonly refresh: () => Promise<MachineReport>
} {
  let current: Promise<MachineReport> | null = null
  const refresh = () => (current = probeMachine(options))
  return { get: () => current ?? refresh(), refresh }
}

async function askWebGpu(
  ask: ProbeOptions['webgpu'],
  timeoutMs: number,
): Promise<readonly WebGpuReport[]> {
  if (ask === undefined) return []
  const nothing = new Promise<readonly WebGpuReport[]>((resolve) => {
    setTimeout(resolve, timeoutMs, []).unref()
  })
  return Promise.race([ask().catch(() => []), nothing])
}
