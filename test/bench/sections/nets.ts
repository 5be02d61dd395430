import type { Contender } from '../../../electron/bench/contender'
import { usageError } from '../../../electron/cli/command'
import { race, type Measurement, type Placing } from '../../../electron/bench/race'
import { standardNets } from '../../../electron/bench/standard-nets'
import { numbersOption, textOption, type Bench, type Section, type Values } from '../section'
import { sources } from '../sources'

interface Row extends Measurement {
  /** Time as a multiple of the fastest of each other family, with as many threads where it has so many. */
  readonly ratios: Readonly<Record<string, number>>
}

/** The standard nets on each backend, number of threads and rival. */
export const netsSection: Section = {
  name: 'nets',
  options: {
    nets: { type: 'string' },
    backends: { type: 'string' },
    compare: { type: 'string', multiple: true },
    ...Object.assign({}, ...sources.map(({ options }) => options)),
  },
  async run(bench, values) {
    const numbers = values['nets'] === undefined ? null : numbersOption(values, 'nets')
    const nets = standardNets.filter(({ number }) => numbers?.includes(number) ?? true)
    const contenders = await openAll(bench, values)
    const rows: Row[] = []
    bench.print(`128-bit peak of one thread: ${bench.peak().toFixed(1)} GFLOP/s`)
    try {
      for (const net of nets) {
        const placings = await race(net, contenders, { repeats: bench.repeats, peak: bench.peak() })
        for (const placing of placings) {
          const row = rowOf(placing, placings)
          rows.push(row)
          bench.print(describe(row))
        }
        for (const contender of contenders) await contender.release()
      }
    } finally {
      for (const contender of contenders) await contender.close()
    }
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

function rowOf({ contender, measurement }: Placing, all: readonly Placing[]): Row {
  const { family, threads } = contender
  const others = new Set(all.map((other) => other.contender.family).filter((f) => f !== family))
  const ratios = Object.fromEntries(
    [...others].map((other) => [other, measurement.secondsPerEpoch / fastest(all, other, threads)]),
  )
  return { ...measurement, ratios }
}

/** Seconds an epoch of a family's fastest with so many threads; where it has none with so many, of its fastest. */
function fastest(all: readonly Placing[], family: string, threads: number): number {
  const members = all.filter(({ contender }) => contender.family === family)
  const alike = members.filter(({ contender }) => contender.threads === threads)
  const times = (alike.length > 0 ? alike : members).map(
    ({ measurement }) => measurement.secondsPerEpoch,
  )
  return Math.min(...times)
}

function describe(row: Row): string {
  const share = row.shareOfPeak === null ? '' : `${(100 * row.shareOfPeak).toFixed(0)} % of peak`
  return [
    row.net.padEnd(28),
    row.contender.padEnd(22),
    `${row.threads} thr`,
    `${row.secondsPerEpoch.toFixed(3).padStart(8)} s/epoch`,
    `${Math.round(row.imagesPerSecond).toString().padStart(8)} img/s`,
    `${row.gflops.toFixed(1).padStart(7)} GFLOP/s`,
    share.padStart(14),
    ...Object.entries(row.ratios).map(
      ([family, ratio]) => `${ratio.toPrecision(2).padStart(6)} x ${family}`,
    ),
  ].join('  ')
}
