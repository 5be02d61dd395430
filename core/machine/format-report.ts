import type { Confidence, GpuReport, Leaf, MachineReport, ProberOutcome } from './report'
import { askedWebGpu, verdict } from './verdict'
import { verdictSentence } from './verdict-sentence'

/** How the text is worded; the interface has its own words in each language. */
export interface ReportWords {
  title(part: ReportPart, index?: number): string
  label(key: string): string
  /** 'unknown' for a value that nobody knows. */
  value(leaf: Leaf, key: string): string
  source(text: string): string
  method(text: string): string
  confidence(confidence: Confidence): string
  butSays(source: string, value: string): string
  outcome(outcome: ProberOutcome['outcome']): string
  readonly noGpu: string
}
export type ReportPart =
  'machine' | 'cpu' | 'memory' | 'module' | 'gpu' | 'webgpu' | 'disk' | 'sources'

const TITLES: Readonly<Record<ReportPart, string>> = {
  machine: 'Machine',
  cpu: 'CPU',
  memory: 'Memory',
  module: 'Memory module',
  gpu: 'GPU',
  webgpu: 'WebGPU',
  disk: 'Disk',
  sources: 'Sources',
}

const ENGLISH: ReportWords = {
  title: (part, index) => (index === undefined ? TITLES[part] : `${TITLES[part]} ${index + 1}`),
  label: words,
  value: formatLeaf,
  source: (text) => text,
  method: (text) => text,
  confidence: (confidence) => confidence,
  butSays: (source, value) => `but ${source} says ${value}`,
  outcome: (outcome) => (outcome === 'ok' ? 'answered' : outcome),
  noGpu: 'none found',
}

/** The report as a person reads it in a terminal: sections of aligned lines, each with its source, and the verdict. */
export function formatMachine(
  report: MachineReport,
  say: ReportWords = ENGLISH,
  sentence = verdictSentence(verdict({ report, webgpuAsked: askedWebGpu(report) })),
): string {
  const { host, os, cpu, memory, disk } = report
  const section = (title: string, lines: readonly (readonly [string, Leaf])[]) =>
    [title, ...lines.map(([key, leaf]) => line(key, leaf, say))].join('\n')
  const sections = [
    section(say.title('machine'), [
      ['name', host.name],
      ['model', host.model],
      ['system', os.name],
      ['version', os.version],
      ['kernel', os.kernel],
    ]),
    section(say.title('cpu'), Object.entries(cpu)),
    section(say.title('memory'), Object.entries(memory)),
    ...report.modules.map((module, i) => section(say.title('module', i), Object.entries(module))),
    ...report.gpus.map((gpu, i) => section(say.title('gpu', i), gpuLines(gpu))),
    ...(report.gpus.length === 0 ? [`${say.title('gpu')}\n  ${say.noGpu}`] : []),
    ...report.webgpu.map((adapter, i) => section(say.title('webgpu', i), Object.entries(adapter))),
    section(say.title('disk'), Object.entries(disk)),
    formatProbers(report.probers, say),
    sentence,
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

function line(key: string, leaf: Leaf, say: ReportWords): string {
  const value = pad(say.value(leaf, key), 28)
  return `  ${pad(say.label(key), 22)} ${value} ${provenance(leaf, key, say)}`.trimEnd()
}

/** To a width in columns of a terminal, of which a Chinese character takes two. */
function pad(text: string, columns: number): string {
  const wide = text.match(/[\u2e80-\u9fff\uff00-\uffef]/g)?.length ?? 0
  return text.padEnd(columns - wide)
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

function provenance(leaf: Leaf, key: string, say: ReportWords): string {
  const method = say.method(leaf.method)
  if (leaf.value === null) return method
  const conflicts = (leaf.conflicts ?? []).map(({ value, unit, source, confidence }) => {
    const other = say.value({ value, unit, source, method: '', confidence }, key)
    return ` [${say.butSays(say.source(source), other)}]`
  })
  const isReported = leaf.confidence === 'reported'
  const note = isReported ? '' : `, ${say.confidence(leaf.confidence)}: ${method}`
  return `${say.source(leaf.source)}${note}${conflicts.join('')}`
}

/** 'memoryBusWidth' -> 'memory bus width'; 'cacheL1d' and its like keep their capital. */
function words(key: string): string {
  return key.replace(/(?<=[a-z])([A-Z])(\d)?/g, (_, letter: string, digit?: string) =>
    digit === undefined ? ` ${letter.toLowerCase()}` : ` ${letter}${digit}`,
  )
}

function formatProbers(probers: readonly ProberOutcome[], say: ReportWords): string {
  const outcomes = [...new Set(probers.map(({ outcome }) => outcome))]
  const lines = outcomes.map((outcome) => {
    const names = probers.filter((each) => each.outcome === outcome)
    const said = names.map(({ prober }) => say.source(prober)).join(', ')
    return `  ${pad(say.outcome(outcome), 22)} ${said}`
  })
  return [say.title('sources'), ...lines].join('\n')
}
