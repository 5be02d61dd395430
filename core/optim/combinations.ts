import type { RunSpec } from '#core/spec/run-spec'
import type { SpecIssue } from '#core/spec/issue'
import { checkOptimizer } from './check-optimizer'
import { checkScheduler } from './check-scheduler'
import { checkTraining } from './check-training'

/**
 * Optimizers, schedulers and training options that do not go together, each at its field and with what to do. Errors are what torch
 * refuses or what could not run; warnings are what runs and is rarely meant.
 */
export function checkCombinations(spec: RunSpec): readonly SpecIssue[] {
  return [...checkOptimizer(spec), ...checkScheduler(spec), ...checkTraining(spec)]
}
