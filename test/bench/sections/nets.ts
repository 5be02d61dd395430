import type { Contender } from '../../../electron/bench/contender'
import { usageError } from '../../../electron/cli/command'
import { race } from '../../../electron/bench/race'
import { standardNets } from '../../../electron/bench/standard-nets'
import { describeRow, markdownTable, rowsOf, type NetsRow } from '../nets-report'
import { numbersOption, textOption, type Bench, type Section, type Values } from '../section'
import { sources } from '../sources'

/** The standard nets on each backend, number of threads and rival. */
export const netsSection: Section = {
  name: 'nets',
  options: {
    nets: { type: 'string' },
    markdown: { type: 'boolean' },
    backends: { type: 'string' },
    compare: { type: 'string', multiple: true },
    ...Object.assign({}, ...sources.map(({ options }) => options)),
  },
  async run(bench, values) {
    const numbers = values['nets'] === undefined ? null : numbersOption(values, 'nets')
    const nets = standardNets.filter(({ number }) => numbers?.includes(number) ?? true)
    const contenders = await openAll(bench, values)
    const rows: NetsRow[] = []
    bench.print(`128-bit peak of one thread: ${bench.peak().toFixed(1)} GFLOP/s`)
    try {
      for (const net of nets) {
        const placings = await race(net, contenders, { repeats: bench.repeats, peak: bench.peak() })
        for (const row of rowsOf(placings)) {
          rows.push(row)
          bench.print(describeRow(row))
        }
        for (const contender of contenders) await contender.release()
      }
    } finally {
      for (const contender of contenders) await contender.close()
    }
    if (values['markdown'] === true) bench.print(`\n${markdownTable(rows)}`)
    return { peak: bench.peak(), rows }
  },
}

async function openAll(bench: Bench, values: Values): Promise<Contender[]> {
  const backends = (textOption(values, 'backends') ?? 'cpu,webgpu').split(',')
  const rivals = [values['compare'] ?? []].flat().flatMap((names) => String(names).split(','))
  const chosen = [
    ...backends.map((name) => find('backend', name)),
    ...rivals.map((name) => find('rival', name)),
  ]
  const contenders: Contender[] = []
  for (const source of chosen) contenders.push(...(await source.open(bench, values)))
  return contenders
}

function find(kind: 'backend' | 'rival', name: string) {
  const known = sources.filter((source) => source.kind === kind)
  const source = known.find((candidate) => candidate.name === name)
  if (source !== undefined) return source
  throw usageError(
    `--${kind === 'backend' ? 'backends' : 'compare'}: found "${name}"; allowed: ${known.map((other) => other.name).join(', ')}`,
  )
}
