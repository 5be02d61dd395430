import { z } from 'zod'
import type { Measured, MeasurementReport } from '#core/machine/report'

/** What the interface and the command line are told of a machine: core/machine/report.ts. */
export type * from '#core/machine/report'
export type { MachineOverride } from '#core/machine/override'

/**
 * A person's correction. `path` names a leaf as 'memory/speed', 'cpu/cores' or 'gpus/<id>/memoryBusWidth'.
 * Numbers are in the unit of the leaf.
 */
export const machineOverrideSchema = z.strictObject({
  path: z.string().regex(/^(cpu|memory|gpus\/[^/]+)\/[a-zA-Z0-9]+$/),
  value: z.union([z.string().trim().min(1).max(200), z.number().positive().max(1e18), z.boolean()]),
})

/** All corrections, as they are kept. */
export const machineOverridesSchema = z.strictObject({
  version: z.literal(1),
  overrides: z.array(machineOverrideSchema).max(200),
})

/** What the CPU reaches, and what a net makes of it: timed on the machine that trains. */
export interface MachineMeasurement {
  readonly cpu: MeasurementReport
  /** Threads that training uses; 'all threads' in `cpu` are these. */
  readonly threads: number
  /** Seconds an optimizer step of the asked net takes, validation included. */
  readonly secondsPerStep: Measured<number>
}
