import type {
  GpuKind,
  GpuReport,
  MachineReport,
  Measured,
  MemoryReport,
  ModuleReport,
  ProberOutcome,
  WebGpuReport,
} from './report'
import {
  BLANK_CPU,
  BLANK_DISK,
  BLANK_GPU,
  BLANK_HOST,
  BLANK_MEMORY,
  BLANK_MODULE,
  BLANK_OS,
} from './blank-report'
import { withDerived } from './derive'
import type { Evidence } from './evidence'
import { groupByCard } from './gpu-identity'
import { kindByName } from './gpu-kind'
import { knownGpu } from './known-gpu'
import { leavesFrom, unknownLeaf } from './measured'
import { summariseModules } from './memory-modules'
import { mergeRecord, type Part } from './merge'

export interface Source {
  readonly evidence: Evidence
  /** Describes cards without proving that they are present. */
  readonly supplements: boolean
}

/** One report out of everything that was found. Sources come in order of trust. */
export function assembleReport(
  sources: readonly Source[],
  webgpu: readonly WebGpuReport[],
  probers: readonly ProberOutcome[],
): MachineReport {
  const found = sources.map((source) => source.evidence)
  const modules = (found.find((evidence) => evidence.modules !== undefined)?.modules ?? []).map(
    (module): ModuleReport => mergeRecord(BLANK_MODULE, [module]),
  )
  const memoryParts = found.flatMap((evidence) => evidence.memory ?? [])
  return withDerived({
    type: 'machine',
    host: mergeRecord(
      BLANK_HOST,
      found.flatMap((evidence) => evidence.host ?? []),
    ),
    os: mergeRecord(
      BLANK_OS,
      found.flatMap((evidence) => evidence.os ?? []),
    ),
    cpu: mergeRecord(
      BLANK_CPU,
      found.flatMap((evidence) => evidence.cpu ?? []),
    ),
    memory: mergeRecord(BLANK_MEMORY, [
      ...memoryParts,
      summariseModules(modules),
      ...(modules.length === 0 ? [whyNoModules(probers)] : []),
    ]),
    modules,
    gpus: assembleGpus(sources),
    webgpu,
    disk: mergeRecord(
      BLANK_DISK,
      found.flatMap((evidence) => evidence.disk ?? []),
    ),
    probers,
  })
}

/** Without administrator rights the memory slots stay unknown: that is worth saying where a person looks for them. */
function whyNoModules(probers: readonly ProberOutcome[]): Part<MemoryReport> {
  const denied = probers.filter(({ outcome }) => outcome === 'denied').map(({ prober }) => prober)
  if (denied.length === 0) return {}
  const source = denied.join(', ')
  const hidden = { ...unknownLeaf(null, 'only an administrator may read it'), source }
  return { type: hidden, speed: hidden, dataWidth: hidden, slots: hidden, channels: hidden }
}

/** The card a person would name first comes first. */
const ORDER: readonly (GpuKind | null)[] = [
  'discrete',
  'unified',
  'integrated',
  null,
  'virtual',
  'software',
]

function assembleGpus(sources: readonly Source[]): readonly GpuReport[] {
  const cards = groupByCard(
    sources.map(({ evidence, supplements }) => ({ parts: evidence.gpus ?? [], supplements })),
  )
  return cards
    .map(assembleGpu)
    .toSorted((a, b) => ORDER.indexOf(a.kind.value) - ORDER.indexOf(b.kind.value))
    .map((gpu, i) => (gpu.id.value === null ? { ...gpu, id: ordinal(i) } : gpu))
}

function assembleGpu(parts: readonly Part<GpuReport>[]): GpuReport {
  const named = mergeRecord(BLANK_GPU, parts)
  const kind = kindByName(named.name.value ?? '')
  const inferred = leavesFrom('name')(kind, null, 'what its name suggests', 'inferred')
  const merged = mergeRecord(BLANK_GPU, [{ kind: inferred }, ...parts, knownGpu(named)])
  return {
    ...merged,
    apis: unionOf(
      parts.flatMap((part) => part.apis ?? []),
      merged.apis,
    ),
  }
}

/** Interfaces add up: one source knows of CUDA, another of Vulkan. */
function unionOf(
  lists: readonly Measured<readonly string[]>[],
  otherwise: Measured<readonly string[]>,
): Measured<readonly string[]> {
  const known = lists.filter((list) => list.value !== null)
  if (known.length < 2) return otherwise
  return leavesFrom(known.map((list) => list.source).join(', '))(
    [...new Set(known.flatMap((list) => list.value ?? []))],
    null,
    known.map((list) => list.method).join(', '),
  )
}

function ordinal(i: number): Measured<string> {
  return leavesFrom('none')(`gpu:${i}`, null, 'no source gave a PCI address', 'inferred')
}
