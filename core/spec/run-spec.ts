import * as z from 'zod'
import { fail, ok, type Result } from '#core/tensor/result'
import { datasetSchema } from './dataset'
import { describeIssue } from './describe-issue'
import type { SpecIssue } from './issue'
import { errorAt } from './issue-at'
import { modelSchema } from './layers'
import { lossSchema } from './losses'
import { optimizerSchema } from './optimizers'
import { schedulerSchema } from './schedulers'
import { schemaProblem } from './schema-problem'
import { trainingSchema } from './training'
import { unknownFields } from './unknown-fields'

export const deviceSchema = z.enum(['auto', 'cpu', 'webgpu', 'reference'])

/**
 * Version 1 of the document that describes one run: the window edits it, the command line reads it, every run keeps
 * it. Names are PyTorch's in camelCase; whatever is left out takes PyTorch's default.
 */
export const runSpecSchema = z.strictObject({
  version: z.literal(1, {
    error: (issue) =>
      `this program reads version 1 of the run spec, found ${issue.input === undefined ? 'none' : JSON.stringify(issue.input)}`,
  }),
  name: z.string().max(200).default('untitled'),
  dataset: datasetSchema.prefault({}),
  model: modelSchema,
  loss: lossSchema.prefault({ type: 'CrossEntropyLoss' }),
  optimizer: optimizerSchema.prefault({ type: 'Adam' }),
  scheduler: schedulerSchema.default(null),
  training: trainingSchema.prefault({}),
  device: deviceSchema.default('auto'),
})

export type RunSpec = z.output<typeof runSpecSchema>
export type RunSpecInput = z.input<typeof runSpecSchema>
export type DeviceRequest = RunSpec['device']

/** Reads a document from outside. Every problem is reported with its path, what was found and what is allowed. */
export function parseRunSpec(document: unknown): Result<RunSpec, readonly SpecIssue[]> {
  const parsed = parseNested(document)
  if (parsed === null) return fail([errorAt('model.layers', 'tooDeep', {})])
  if (parsed.success) return ok(parsed.data)
  return fail(
    parsed.error.issues.map((issue) => ({
      path: issue.path.map(String).join('.'),
      message: describeIssue(issue),
      severity: 'error',
      problem: schemaProblem(issue),
    })),
  )
}

/** null where the document is nested so deeply that reading it exhausts the stack. */
function parseNested(document: unknown) {
  try {
    return runSpecSchema.safeParse(document, { reportInput: true, error: unknownFields })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
