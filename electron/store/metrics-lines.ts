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

const epochRecord = z.object({
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
  epochRecord.extend({ type: z.literal('epoch') }),
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
