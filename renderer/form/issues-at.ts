import type { SpecIssue } from '#core/spec/issue'

/** The issues of the field at `path` and of what is inside it. */
export function issuesAt(issues: readonly SpecIssue[], path: string): readonly SpecIssue[] {
  return issues.filter((issue) => issue.path === path || issue.path.startsWith(`${path}.`))
}
