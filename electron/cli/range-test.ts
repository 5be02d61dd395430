import {
  suggestRate,
  usualRangeTest,
  type RangeTestPlan,
  type RangeTestPoint,
  type RateSuggestion,
} from '#core/optim/range-test'
import type { Result } from '#core/tensor/result'
import { sweepRates } from '#core/training/rate-sweep'
import { checkSpec } from '../trainer/check-spec'
import { firstImages } from '../trainer/first-images'
import {
  CommandError,
  EXIT,
  parseOptions,
  usageError,
  wholeOption,
  type Command,
  type Surface,
} from './command'
import { hostOptions, openHost, openStore } from './host'
import { readSpec } from './read-spec'
import { textTable } from './text-table'

const help = `range-test [SPEC.json | PRESET] [options]: proposes a learning rate. Takes the first steps of a training with a rate
that grows from step to step; the loss falls fastest at a good one (Smith 2017). Nothing is kept.

  --set path=value   changes the spec first, as train does
  --from R --to R    smallest and largest rate (default ${usualRangeTest.from} and ${usualRangeTest.to})
  --steps N          rates between them (default ${usualRangeTest.steps})
  --device D         auto (the CPU here), cpu, webgpu or reference
  --threads N        threads of the CPU device (default: all processors)
  --json             one JSON object a line on stdout: a point each rate, then done`

const options = {
  ...hostOptions,
  set: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  steps: { type: 'string' },
  device: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** Rows of the table for a person. */
const MOST_ROWS = 20

export const rangeTestCommand: Command = {
  summary: 'proposes a learning rate',
  help,
  run: rangeTest,
}

async function rangeTest(args: readonly string[], surface: Surface): Promise<number> {
  const { values, positionals } = parseOptions(args, options)
  if (positionals.length > 1)
    throw usageError(`One spec at a time; found ${positionals.join(', ')}`)
  const plan = planOf(values)
  const spec = await readSpec(positionals[0], values.set ?? [], values.device)
  const host = await openHost(openStore(values.runs, surface), values.threads, surface)
  const checked = checkSpec(spec, host.dataset)
  if (!checked.ok) throw usageError(checked.error)
  const opened = await host.desk.forMoment(spec)
  if (!opened.ok) throw new CommandError(EXIT.device, opened.error.reason)
  try {
    const images = firstImages(host.dataset, spec.dataset.trainSize)
    const points = await sweepRates(spec, images, opened.value.backend, plan)
    const suggested = suggestRate(points)
    if (values.json === true) printLines(points, suggested, surface)
    else tellPerson(points, suggested, surface)
    return EXIT.done
  } finally {
    await opened.value.close()
  }
}

function planOf(values: {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly steps?: string | undefined
}): RangeTestPlan {
  const from = rateOption('from', values.from) ?? usualRangeTest.from
  const to = rateOption('to', values.to) ?? usualRangeTest.to
  if (from >= to) throw usageError(`--from must be smaller than --to; found ${from} and ${to}`)
  return { from, to, steps: wholeOption('steps', values.steps, 8) ?? usualRangeTest.steps }
}

function rateOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw usageError(`--${name}: found "${text}"; allowed: a number > 0`)
}

function printLines(
  points: readonly RangeTestPoint[],
  suggested: Result<RateSuggestion, string>,
  surface: Surface,
): void {
  for (const { lr, loss } of points) surface.print(JSON.stringify({ type: 'point', lr, loss }))
  const { lr, divergesAt } = suggested.ok ? suggested.value : { lr: null, divergesAt: null }
  const problem = suggested.ok ? null : suggested.error
  surface.print(JSON.stringify({ type: 'done', lr, divergesAt, problem }))
}

function tellPerson(
  points: readonly RangeTestPoint[],
  suggested: Result<RateSuggestion, string>,
  surface: Surface,
): void {
  const every = Math.ceil(points.length / MOST_ROWS)
  const rows = points
    .filter((_, i) => i % every === 0)
    .map(({ lr, loss }) => [lr.toExponential(1), loss.toFixed(4)])
  surface.print(textTable(['rate', 'loss'], rows))
  if (!suggested.ok) {
    surface.print(`No rate is proposed: ${suggested.error}.`)
    return
  }
  const { lr, divergesAt } = suggested.value
  const rate = Number(lr.toPrecision(2))
  const limit =
    divergesAt === null
      ? 'No rate of the test was too high.'
      : `From ${Number(divergesAt.toPrecision(2))} on it diverges.`
  surface.print(
    `The loss falls fastest at a rate of ${rate}. ${limit} Take it with: --set optimizer.lr=${rate}`,
  )
}
