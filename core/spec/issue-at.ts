import type { SpecFix, SpecIssue } from './issue'
import { describeProblem, problemOf, type ProblemKind, type ProblemValues } from './problem'

/** What must be changed before a run can start. */
export function errorAt<K extends ProblemKind>(
  path: string,
  kind: K,
  values: ProblemValues<K>,
  fix?: SpecFix,
): SpecIssue {
  return issueAt('error', path, kind, values, fix)
}

/** What works and is rarely meant. */
export function warningAt<K extends ProblemKind>(
  path: string,
  kind: K,
  values: ProblemValues<K>,
  fix?: SpecFix,
): SpecIssue {
  return issueAt('warning', path, kind, values, fix)
}

function issueAt<K extends ProblemKind>(
  severity: SpecIssue['severity'],
  path: string,
  kind: K,
  values: ProblemValues<K>,
  fix: SpecFix | undefined,
): SpecIssue {
  const problem = problemOf(kind, values)
  const issue = { path, message: `${path}: ${describeProblem(problem)}`, severity, problem }
  return fix === undefined ? issue : { ...issue, fix }
}
