import * as z from 'zod'
import { presetById } from '#core/spec/presets'
import type { Problem } from '#core/spec/problem'
import { runSpecSchema, type RunSpec } from '#core/spec/run-spec'
import { schemaProblem } from '#core/spec/schema-problem'
import { fail, ok, type Result } from '#core/tensor/result'

/** What is drawn and how; no part of the experiment and not undoable. */
const viewSchema = z.strictObject({
  /** Weight of the past in the moving average. */
  smoothing: z.number().min(0).max(0.999).default(0.9),
  logLoss: z.boolean().default(false),
  xAxis: z.enum(['epoch', 'step']).default('epoch'),
  /** Run ids drawn behind the present one. */
  overlays: z.array(z.string()).max(8).default([]),
  /** What answers to the drawing. */
  predictor: z.enum(['current', 'bundled']).default('current'),
})

/** The document that is saved by itself, and the project file that a person saves. */
const workspaceSchema = z.strictObject({
  format: z.literal('gradient-workbench'),
  version: z.literal(1),
  spec: runSpecSchema,
  view: viewSchema.prefault({}),
})

export type WorkspaceDocument = z.output<typeof workspaceSchema>
export type ViewChoices = WorkspaceDocument['view']

/** Why a document cannot be read. */
export type DocumentProblem =
  | { readonly kind: 'not-json'; readonly reason: string }
  /** `path` is "" where it is the document itself. */
  | { readonly kind: 'field'; readonly path: string; readonly problem: Problem }

type Read = Result<WorkspaceDocument, readonly DocumentProblem[]>

/** Reads a saved workspace, a project file or a bare run spec. */
export function parseWorkspace(document: unknown): Read {
  const candidate = isBareSpec(document)
    ? { format: 'gradient-workbench', version: 1, spec: document }
    : document
  const parsed = workspaceSchema.safeParse(candidate, { reportInput: true })
  if (parsed.success) return ok(parsed.data)
  return fail(
    parsed.error.issues.map((issue) => ({
      kind: 'field',
      path: issue.path.map(String).join('.'),
      problem: schemaProblem(issue),
    })),
  )
}

/** Reads the text of a project file. */
export function parseProjectText(text: string): Read {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return fail([{ kind: 'not-json', reason }])
  }
  return parseWorkspace(document)
}

/** The starter with a validation set, so that there is a validation curve, and with figures for gradient health. */
export function firstWorkspace(): WorkspaceDocument {
  return {
    format: 'gradient-workbench',
    version: 1,
    spec: withWorkbenchDefaults(presetById('starter')),
    view: viewSchema.parse({}),
  }
}

export function withWorkbenchDefaults(spec: RunSpec): RunSpec {
  return {
    ...spec,
    dataset: { ...spec.dataset, valSize: spec.dataset.valSize === 0 ? 5000 : spec.dataset.valSize },
    training: {
      ...spec.training,
      diagnoseEvery: spec.training.diagnoseEvery === 0 ? 100 : spec.training.diagnoseEvery,
    },
  }
}

function isBareSpec(document: unknown): boolean {
  return (
    typeof document === 'object' &&
    document !== null &&
    'model' in document &&
    !('format' in document)
  )
}
