/**
 * Every request that a window may send to the trainer: a schema each, because whoever sends them is not trusted.
 * All messages are plain JSON, so that a MessagePort, a utility process and a WebSocket carry the same ones.
 */
import * as z from 'zod'
import { augmentSchema } from '#core/spec/dataset'
import { describeIssue } from '#core/spec/describe-issue'
import { runSpecSchema } from '#core/spec/run-spec'
import { fail, ok, type Result } from '#core/tensor/result'
import { machineOverrideSchema } from './machine'

const nothing = z.strictObject({})

/** Run ids are folder names: nothing that could leave the runs folder. */
const runId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'a run id: letters, digits, ".", "_" and "-"')

export const requests = {
  /** Who is there: versions, host, devices, data set. */
  hello: nothing,
  /** The machine that trains. `refresh` probes again; `patient` waits for sources that are slow as well. */
  machine: z.strictObject({
    refresh: z.boolean().default(false),
    patient: z.boolean().default(false),
  }),
  /** Corrects one value of the machine and keeps the correction; null takes it back. */
  correctMachine: machineOverrideSchema.extend({
    value: machineOverrideSchema.shape.value.nullable(),
  }),
  /** Times this machine for a few seconds, with this net; refused while a run trains. */
  measureMachine: z.strictObject({ spec: runSpecSchema }),
  /** What the net needs on each device, and how long a step of it takes by what was measured so far. */
  fitMachine: z.strictObject({ spec: runSpecSchema }),
  /** Which device would train this spec, found out as a run does it; refused while a run trains. */
  decideDevice: z.strictObject({ spec: runSpecSchema }),
  /** The measurement that is under way ends with an error. */
  cancelMeasurement: nothing,
  /** The document that the Bench edits, as it was last saved; null at first start. */
  loadWorkspace: nothing,
  saveWorkspace: z.strictObject({ document: z.record(z.string(), z.json()) }),

  /** Starts a new run; one that is under way is stopped first (with a checkpoint). `paused`: prepare, take no step. */
  startRun: z.strictObject({ spec: runSpecSchema, paused: z.boolean().default(false) }),
  /**
   * Opens a run from its last checkpoint, paused; one that is finished opens finished. `resume` false: one that was
   * stopped stays stopped, to be looked at.
   */
  reopenRun: z.strictObject({ id: runId, resume: z.boolean().default(true) }),
  pauseRun: nothing,
  resumeRun: nothing,
  /** One optimizer step, then paused. */
  stepRun: nothing,
  /** To the end of the epoch, then paused. */
  stepEpoch: nothing,
  stopRun: nothing,
  /** Everything a window needs to show the current run after a reload. */
  snapshot: nothing,

  predict: z.strictObject({
    /** 784 grey levels as the net sees them, background 0, ink 255. */
    pixels: z.array(z.int().min(0).max(255)).length(784),
    /** `current`: the run that is open; `bundled`: the model that ships with the app. */
    model: z.enum(['current', 'bundled']),
    /** Also return what each layer puts out. */
    activations: z.boolean().default(false),
  }),

  listRuns: nothing,
  readRun: z.strictObject({ id: runId }),
  /** Moves the run to the trash folder; `restoreRun` brings it back. */
  deleteRun: z.strictObject({ id: runId }),
  restoreRun: z.strictObject({ id: runId }),

  /** Images of the data set, `pixels` in base64, 784 bytes each. */
  images: z.strictObject({
    set: z.enum(['train', 'test']),
    start: z.int().min(0),
    count: z.int().min(1).max(256),
  }),
  /** Training images as they are and as an epoch of the run would see them. */
  augmentPreview: z.strictObject({
    augment: augmentSchema,
    seed: z.int().min(0),
    epoch: z.int().min(0).default(0),
    indices: z.array(z.int().min(0)).min(1).max(64),
  }),

  /** Variances through the layers before any training; a newer question ends an older one. */
  depthProfile: z.strictObject({ spec: runSpecSchema }),
  /** The learning rate range test of a spec, in a session of its own. */
  rangeTest: z.strictObject({ spec: runSpecSchema }),
  /** Runs some of PyTorch's runs again and compares the losses. */
  parityCheck: nothing,
} as const

export type RequestName = keyof typeof requests
export type RequestParams<K extends RequestName> = z.input<(typeof requests)[K]>
export type ParsedParams<K extends RequestName> = z.output<(typeof requests)[K]>

/** Parses what arrived for `name`; the error names the field, what was found and what is allowed. */
export function parseRequest<K extends RequestName>(
  name: K,
  params: unknown,
): Result<ParsedParams<K>, string> {
  const parsed = requests[name].safeParse(params ?? {})
  if (parsed.success) return ok(parsed.data as ParsedParams<K>)
  return fail(`${name}: ${parsed.error.issues.map(describeIssue).join('; ')}`)
}
