import { withDerived } from './derive'
import type { LeafRecord } from './merge'
import type { Leaf, MachineReport } from './report'

/**
 * A person's correction. `path` names a leaf as 'memory/speed', 'cpu/cores' or 'gpus/<id>/memoryBusWidth'. Numbers are
 * in the unit of the leaf.
 */
export interface MachineOverride {
  readonly path: string
  readonly value: string | number | boolean
}

/**
 * The report with a person's corrections in it. What was found stays visible as a conflict, and what follows from a
 * corrected value is computed anew. Corrections of a card that is no longer there, or of another type than the
 * leaf, are left out.
 */
export function applyOverrides(
  report: MachineReport,
  overrides: readonly MachineOverride[],
): MachineReport {
  return withDerived(overrides.reduce(applyOne, report))
}

function applyOne(report: MachineReport, { path, value }: MachineOverride): MachineReport {
  const steps = path.split('/')
  const key = steps.at(-1) ?? ''
  if (steps[0] === 'cpu') return { ...report, cpu: replace(report.cpu, key, value) }
  if (steps[0] === 'memory') return { ...report, memory: replace(report.memory, key, value) }
  const gpus = report.gpus.map((gpu) =>
    gpu.id.value === steps[1] ? replace(gpu, key, value) : gpu,
  )
  return { ...report, gpus }
}

function replace<R extends LeafRecord>(record: R, key: string, value: MachineOverride['value']): R {
  const leaf: Leaf | undefined = record[key]
  if (leaf === undefined || !fits(leaf, value)) return record
  const found =
    leaf.value === null
      ? []
      : [{ value: leaf.value, unit: leaf.unit, source: leaf.source, confidence: leaf.confidence }]
  const override = {
    value,
    unit: leaf.unit,
    source: 'you',
    method: 'written by hand',
    confidence: 'override',
    conflicts: found,
  } as const
  return { ...record, [key]: override }
}

/** Numbers belong where there is a unit or a number now; text and yes/no where those are. */
function fits(leaf: Leaf, value: MachineOverride['value']): boolean {
  if (leaf.value !== null) return typeof leaf.value === typeof value
  return leaf.unit === null || typeof value === 'number'
}
