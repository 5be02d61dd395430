import { setImmediate } from 'node:timers/promises'
import * as z from 'zod'

/** The lines of metrics.jsonl. */

const confusion = z.array(z.number()).readonly()

const stepsLine = z.object({
  type: z.literal('steps'),
  /** Number of the first step, 1 for the first of the run. */
  first: z.int().min(1),
  losses: z.array(z.number().nullable()).readonly(),
  accuracies: z.array(z.number()).readonly(),
  lrs: z.array(z.number()).readonly(),
})

const epochLine = z.object({
  type: z.literal('epoch'),
  epoch: z.int().min(1),
  step: z.int().min(0),
  trainLoss: z.number(),
  trainAccuracy: z.number(),
  valLoss: z.number().exactOptional(),
  valAccuracy: z.number().exactOptional(),
  seconds: z.number(),
  imagesPerSecond: z.number(),
  lr: z.number(),
})

const lineSchema = z.discriminatedUnion('type', [
  stepsLine,
  epochLine,
  z.object({
    type: z.literal('test'),
    testLoss: z.number(),
    testAccuracy: z.number(),
    confusion,
  }),
  z.object({ type: z.literal('layers'), step: z.int(), reports: z.array(z.unknown()).readonly() }),
])

export type MetricsLine = z.output<typeof lineSchema>
export type StepsLine = z.output<typeof stepsLine>

export interface ParsedMetrics {
  readonly lines: readonly MetricsLine[]
  /** Whether the last line was cut off: the writer died while it wrote. */
  readonly halfWritten: boolean
  /** Complete lines that could not be read. */
  readonly unreadable: number
}

export function parseMetrics(text: string): ParsedMetrics {
  const rows = text.split('\n')
  const tail = rows.pop() ?? ''
  const lines: MetricsLine[] = []
  let unreadable = 0
  for (const row of rows) {
    const line = parseLine(row)
    if (line === null) unreadable += 1
    else lines.push(line)
  }
  return { lines, halfWritten: tail !== '', unreadable }
}

function parseLine(row: string): MetricsLine | null {
  try {
    return lineSchema.safeParse(JSON.parse(row)).data ?? null
  } catch {
    return null
  }
}

/** Enough rows that the pauses cost nothing, few enough that a process that must answer is not held up. */
const ROWS_AT_ONCE = 500

/** As `parseMetrics`, for files of any length: other work of this process goes on in between. */
export async function parseLongMetrics(text: string): Promise<ParsedMetrics> {
  const lines: MetricsLine[] = []
  let unreadable = 0
  let from = 0
  for (;;) {
    const end = endOfRows(text, from, ROWS_AT_ONCE)
    const part = parseMetrics(text.slice(from, end))
    lines.push(...part.lines)
    unreadable += part.unreadable
    if (end === text.length) return { lines, halfWritten: part.halfWritten, unreadable }
    from = end
    await setImmediate()
  }
}

/** Where `count` rows from `from` end, or the end of the text. */
function endOfRows(text: string, from: number, count: number): number {
  let end = from
  for (let row = 0; row < count; row += 1) {
    const newline = text.indexOf('\n', end)
    if (newline === -1) return text.length
    end = newline + 1
  }
  return end
}

/** The last complete line of a type, without reading the others. */
export function lastLine<T extends MetricsLine['type']>(
  text: string,
  type: T,
): Extract<MetricsLine, { type: T }> | null {
  const start = `{"type":"${type}"`
  for (let end = text.lastIndexOf('\n'); end >= 0;) {
    const at = text.lastIndexOf(start, end)
    if (at === -1) return null
    const line = parseLine(text.slice(at, text.indexOf('\n', at)))
    if (line !== null && isOfType(line, type)) return line
    end = at - 1
  }
  return null
}

function isOfType<T extends MetricsLine['type']>(
  line: MetricsLine,
  type: T,
): line is Extract<MetricsLine, { type: T }> {
  return line.type === type
}

/** What was recorded up to a checkpoint at `step`, taken after `epoch` epochs; the rest is done again. */
export function cutMetrics(
  lines: readonly MetricsLine[],
  { step, epoch }: { readonly step: number; readonly epoch: number },
): readonly MetricsLine[] {
  return lines.flatMap((line): readonly MetricsLine[] => {
    switch (line.type) {
      case 'steps':
        return cutSteps(line, step)
      case 'epoch':
        return line.epoch <= epoch ? [line] : []
      case 'layers':
        return line.step <= step ? [line] : []
      case 'test':
        return []
    }
  })
}

function cutSteps(line: StepsLine, step: number): readonly StepsLine[] {
  const count = Math.min(line.losses.length, step - line.first + 1)
  if (count <= 0) return []
  if (count === line.losses.length) return [line]
  return [
    {
      ...line,
      losses: line.losses.slice(0, count),
      accuracies: line.accuracies.slice(0, count),
      lrs: line.lrs.slice(0, count),
    },
  ]
}
