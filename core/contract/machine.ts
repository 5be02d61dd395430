import { z } from 'zod'

/** What the interface and the command line are told of a machine: core/machine/report.ts. */
export type * from '#core/machine/report'
export type { MachineOverride } from '#core/machine/override'

/**
 * A person's corrections. `path` names a leaf as 'memory/speed', 'cpu/cores' or 'gpus/<id>/memoryBusWidth'.
 * Numbers are in the unit of the leaf.
 */
export const machineOverridesSchema = z.strictObject({
  version: z.literal(1),
  overrides: z
    .array(
      z.strictObject({
        path: z.string().regex(/^(cpu|memory|gpus\/[^/]+)\/[a-zA-Z0-9]+$/),
        value: z.union([
          z.string().trim().min(1).max(200),
          z.number().positive().max(1e18),
          z.boolean(),
        ]),
      }),
    )
    .max(200),
})
export type MachineOverrides = z.infer<typeof machineOverridesSchema>
