import { assembleReport } from '#core/machine/assemble'
import type { MachineReport, ProberOutcome, WebGpuReport } from '#core/machine/report'
import { WEBGPU_PROBER } from '#core/machine/verdict'
import type { Result } from '#core/tensor/result'
import type { Host } from './host'
import { localHost } from './local-host'
import { runProber, type Probed, type Prober } from './prober'
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
/** Tools that start slowly (PowerShell, a driver that was asleep) are heard out so long, behind the report. */
const PATIENCE_MS = 15_000

export interface ProbeOptions {
  readonly host?: Host
  /** After which the report is there, whoever has not answered. */
  readonly timeoutMs?: number
  /** After which a source is given up for good; the same as `timeoutMs` where nobody waits for more. */
  readonly patienceMs?: number
  /** A folder on the disk whose free space matters. */
  readonly diskPath?: string
  /** Asks the process that owns a GPU for its adapters; a failure says why there are none. */
  readonly webgpu?: () => Promise<Result<readonly WebGpuReport[], string>>
  /** More sources, believed after ours. */
  readonly extra?: readonly Prober[]
}

export interface Probing {
  /** What was there in time. Never rejects: what cannot be found out is unknown, and `probers` says why. */
  readonly soon: Promise<MachineReport>
  /** With those who came late; the same report where nobody did. */
  readonly whole: Promise<MachineReport>
}

/** Finds out what is in this machine. */
export function startProbe(options: ProbeOptions = {}): Probing {
  const { host = localHost, timeoutMs = TIMEOUT_MS, patienceMs = PATIENCE_MS } = options
  const probers = [
    ...PROBERS,
    diskProber(options.diskPath ?? process.cwd()),
    ...(options.extra ?? []),
  ].filter((prober) => prober.platforms.includes(host.platform))
  const sources = probers.map((prober) => ({
    late: late(prober, timeoutMs),
    answer: runProber(prober, host, patienceMs),
  }))
  const webgpu = options.webgpu === undefined ? [] : [adapterSource(options.webgpu, patienceMs)]
  const soon = Promise.all([
    Promise.all(sources.map((source) => inTime(source, timeoutMs))),
    Promise.all(webgpu.map((source) => inTime(source, timeoutMs))),
  ]).then(([probed, adapters]) => ({ report: assembled(probed, adapters), probed, adapters }))
  const whole = soon.then(async ({ report, probed, adapters }) => {
    const isWhole = [...probed, ...adapters].every(({ outcome }) => outcome.outcome !== 'timeout')
    if (isWhole || patienceMs <= timeoutMs) return report
    return assembled(
      await Promise.all(sources.map(({ answer }) => answer)),
      await Promise.all(webgpu.map(({ answer }) => answer)),
    )
  })
  return { soon: soon.then(({ report }) => report), whole }
}

/** What can be found out in a little over a second. */
export function probeMachine(options: ProbeOptions = {}): Promise<MachineReport> {
  return startProbe({ ...options, patienceMs: options.timeoutMs ?? TIMEOUT_MS }).soon
}

interface Source<T> {
  readonly late: T
  readonly answer: Promise<T>
}

function inTime<T>({ late: otherwise, answer }: Source<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(otherwise)
    }, timeoutMs)
    void answer.then((found) => {
      clearTimeout(timer)
      resolve(found)
    })
  })
}

function late(prober: Prober, timeoutMs: number): Probed {
  return { prober, evidence: {}, outcome: tooLate(prober.name, timeoutMs) }
}

interface ProbedAdapters {
  readonly adapters: readonly WebGpuReport[]
  readonly outcome: ProberOutcome
}

function adapterSource(
  ask: NonNullable<ProbeOptions['webgpu']>,
  patienceMs: number,
): Source<ProbedAdapters> {
  const start = performance.now()
  const took = () => Math.round(performance.now() - start)
  const prober = WEBGPU_PROBER
  const answer = ask().then(
    (found): ProbedAdapters =>
      found.ok
        ? {
            adapters: found.value,
            outcome: { prober, outcome: 'ok', detail: '', milliseconds: took() },
          }
        : {
            adapters: [],
            outcome: { prober, outcome: 'missing', detail: found.error, milliseconds: took() },
          },
    (error: unknown): ProbedAdapters => ({
      adapters: [],
      outcome: { prober, outcome: 'failed', detail: String(error), milliseconds: took() },
    }),
  )
  const otherwise = { adapters: [], outcome: tooLate(prober, patienceMs) }
  return { late: otherwise, answer: inTime({ late: otherwise, answer }, patienceMs) }
}

function tooLate(prober: string, milliseconds: number): ProberOutcome {
  return { prober, outcome: 'timeout', detail: `no answer in ${milliseconds} ms`, milliseconds }
}

function assembled(probed: readonly Probed[], webgpu: readonly ProbedAdapters[]): MachineReport {
  return assembleReport(
    probed.map(({ prober, evidence }) => ({ evidence, supplements: prober.supplements === true })),
    webgpu.flatMap(({ adapters }) => adapters),
    [...probed, ...webgpu].map(({ outcome }) => outcome),
  )
}
