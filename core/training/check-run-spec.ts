import type { SpecIssue } from '#core/spec/issue'
import { parseRunSpec, type RunSpec } from '#core/spec/run-spec'
import { runIssues, type DataFacts } from './run-issues'

/** A document as a spec, null where it is none, with everything that can be said against it. */
export function checkRunSpec(
  document: unknown,
  data: DataFacts,
): { readonly spec: RunSpec | null; readonly issues: readonly SpecIssue[] } {
  const parsed = parseRunSpec(document)
  if (!parsed.ok) return { spec: null, issues: parsed.error }
  return { spec: parsed.value, issues: runIssues(parsed.value, data) }
}
