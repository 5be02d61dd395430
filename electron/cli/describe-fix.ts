import type { SpecFix, SpecIssue } from '#core/spec/issue'

/** The options of the command line that make the change; none where it is no assignment. */
export function assignmentOf(fix: SpecFix): readonly string[] {
  return fix.kind === 'set' ? [`--set '${fix.path}=${JSON.stringify(fix.value)}'`] : []
}

/** "training.batchSize: … (--set 'training.batchSize="full"')" */
export function describeSpecIssue({ message, fix }: SpecIssue): string {
  const assignments = fix === undefined ? [] : assignmentOf(fix)
  return assignments.length === 0 ? message : `${message} (${assignments.join(' ')})`
}
