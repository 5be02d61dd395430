import type { Measurement, Placing } from '../../electron/bench/race'

export interface NetsRow extends Measurement {
  /** Time as a multiple of the fastest of each other family, with as many threads where it has so many. */
  readonly ratios: Readonly<Record<string, number>>
}

/** One net's placings as rows. */
export function rowsOf(placings: readonly Placing[]): readonly NetsRow[] {
  const families = new Set(placings.map(({ contender }) => contender.family))
  return placings.map(({ contender: { family, threads }, measurement }) => {
    const others = [...families].filter((other) => other !== family)
    const ratios = Object.fromEntries(
      others.map((other) => [
        other,
        measurement.secondsPerEpoch / fastest(placings, other, threads),
      ]),
    )
    return { ...measurement, ratios }
  })
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

export function describeRow(row: NetsRow): string {
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

/** A table for README: a line a net and number of threads, a column a contender, seconds an epoch. */
export function markdownTable(rows: readonly NetsRow[]): string {
  const contenders = [...new Set(rows.map(({ contender }) => contender))]
  const lines = new Map<string, readonly NetsRow[]>()
  for (const row of rows) {
    const key = `${row.net} | ${row.threads}`
    lines.set(key, [...(lines.get(key) ?? []), row])
  }
  const cells = (line: readonly NetsRow[]) =>
    contenders.map((name) => {
      const row = line.find(({ contender }) => contender === name)
      return row === undefined ? '' : secondsOf(row)
    })
  return [
    ['net', 'threads', ...contenders].join(' | '),
    ['---', '--:', ...contenders.map(() => '--:')].join(' | '),
    ...[...lines].map(([key, line]) => [key, ...cells(line)].join(' | ')),
  ]
    .map((line) => `| ${line} |`)
    .join('\n')
}

/** Three digits, as many as a median of a few repeats is worth. */
function secondsOf({ secondsPerEpoch }: NetsRow): string {
  return secondsPerEpoch >= 100 ? secondsPerEpoch.toFixed(0) : secondsPerEpoch.toPrecision(3)
}
