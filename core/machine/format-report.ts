import type { GpuReport, Leaf, MachineReport, ProberOutcome } from './report'
import { askedWebGpu, verdict } from './verdict'
import { verdictSentence } from './verdict-sentence'

/** The report as a person reads it in a terminal: sections of aligned lines, each with its source. */
export function formatMachine(report: MachineReport): string {
  const { host, os, cpu, memory, disk } = report
  const sections = [
    section('Machine', [
      ['name', host.name],
      ['model', host.model],
      ['system', os.name],
      ['version', os.version],
      ['kernel', os.kernel],
    ]),
    section('CPU', Object.entries(cpu)),
    section('Memory', Object.entries(memory)),
    ...report.modules.map((module, i) => section(`Memory module ${i + 1}`, Object.entries(module))),
    ...report.gpus.map((gpu, i) => section(`GPU ${i + 1}`, gpuLines(gpu))),
    ...(report.gpus.length === 0 ? ['GPU\n  none found'] : []),
    ...report.webgpu.map((adapter, i) => section(`WebGPU ${i + 1}`, Object.entries(adapter))),
    section('Disk', Object.entries(disk)),
    formatProbers(report.probers),
    verdictSentence(verdict({ report, webgpuAsked: askedWebGpu(report) })),
  ]
  return `${sections.join('\n\n')}\n`
}

/** What matters for training is shown even when unknown; the rest only when somebody told it. */
const ALWAYS: ReadonlySet<string> = new Set([
  'name',
  'kind',
  'memoryTotal',
  'memoryType',
  'memoryClockMax',
  'memoryBusWidth',
  'memoryBandwidth',
  'driver',
])

function gpuLines(gpu: GpuReport): readonly (readonly [string, Leaf])[] {
  return Object.entries(gpu).filter(([key, leaf]) => ALWAYS.has(key) || leaf.value !== null)
}

function section(title: string, lines: readonly (readonly [string, Leaf])[]): string {
  const rows = lines.map(
    ([key, leaf]) =>
      `  ${words(key).padEnd(22)} ${formatLeaf(leaf).padEnd(28)} ${provenance(leaf)}`,
  )
  return [title, ...rows.map((row) => row.trimEnd())].join('\n')
}

/** The value with its unit: '24.0 GiB', '1008.1 GB/s', 'unknown'. */
export function formatLeaf(leaf: Leaf): string {
  const { value, unit } = leaf
  if (value === null) return 'unknown'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return value.join(', ')
  if (unit === 'bytes') return formatBytes(value)
  const text = String(Math.round(value * 10) / 10)
  return unit === null ? text : `${text} ${unit}`
}

function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1)
  const scaled = bytes / 1024 ** power
  return `${Number.isInteger(scaled) ? scaled : scaled.toFixed(1)} ${units[power] ?? ''}`
}

function provenance(leaf: Leaf): string {
  if (leaf.value === null) return leaf.method
  const conflicts = (leaf.conflicts ?? []).map(
    ({ value, unit, source, confidence }) =>
      ` [but ${source} says ${formatLeaf({ value, unit, source, method: '', confidence })}]`,
  )
  const note = leaf.confidence === 'reported' ? '' : `, ${leaf.confidence}`
  const how = leaf.confidence === 'reported' ? '' : `: ${leaf.method}`
  return `${leaf.source}${note}${how}${conflicts.join('')}`
}

/** 'memoryBusWidth' -> 'memory bus width'; 'cacheL1d' and its like keep their capital. */
function words(key: string): string {
  return key.replace(/(?<=[a-z])([A-Z])(\d)?/g, (_, letter: string, digit?: string) =>
    digit === undefined ? ` ${letter.toLowerCase()}` : ` ${letter}${digit}`,
  )
}

function formatProbers(probers: readonly ProberOutcome[]): string {
  const asked = probers.filter(({ outcome }) => outcome === 'ok').map(({ prober }) => prober)
  const silent = probers
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ prober, outcome }) => `${prober} (${outcome})`)
  return [
    'Sources',
    `  answered   ${asked.join(', ')}`,
    ...(silent.length === 0 ? [] : [`  did not    ${silent.join(', ')}`]),
  ].join('\n')
}
