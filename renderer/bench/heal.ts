import { applyFix } from '#core/spec/apply-fix'
import type { RunSpec } from '#core/spec/run-spec'
import type { Remedy } from '#core/training/verdicts/verdict'

/**
 * The spec on the bench with a remedy that was found for `run`. A remedy that names layers means those of the run: where
 * the bench holds another model by now, the run's comes back; everything else stays as a person has set it.
 */
export function healed(bench: RunSpec, run: RunSpec, { fixes }: Remedy): RunSpec {
  const namesLayers = fixes.some(
    (fix) => fix.kind === 'removeLayer' || fix.path.startsWith('model.'),
  )
  return fixes.reduce(applyFix, namesLayers ? { ...bench, model: run.model } : bench)
}

/** The bench is as the remedy would make it: it shows in the next run. */
export function isApplied(bench: RunSpec, run: RunSpec, remedy: Remedy): boolean {
  return JSON.stringify(healed(bench, run, remedy)) === JSON.stringify(bench)
}
