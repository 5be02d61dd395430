import type { SpecIssue } from '#core/spec/issue'
import type { RunSpec } from '#core/spec/run-spec'
import { mnistFacts, runIssues } from '#core/training/run-issues'

/** What a person should change before a run, or know. */
export function specIssues(spec: RunSpec): readonly SpecIssue[] {
  return runIssues(spec, mnistFacts)
}
