import type { SpecIssue } from '#core/spec/issue'
import type { RunSpec } from '#core/spec/run-spec'
import { mnistFacts, runIssues } from '#core/training/run-issues'

/** What a person should change before a run, or know; messages without the path, which the place on the page says. */
export function specIssues(spec: RunSpec): readonly SpecIssue[] {
  return runIssues(spec, mnistFacts).map((issue) => ({
    ...issue,
    message: issue.message.replace(`${issue.path}: `, ''),
  }))
}
