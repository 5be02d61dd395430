import type { SpecFix, SpecIssue } from './issue'

/** What must be changed before a run can start. */
export function errorAt(path: string, sentence: string, fix?: SpecFix): SpecIssue {
  return issueAt(path, sentence, 'error', fix)
}

/** What works and is rarely meant. */
export function warningAt(path: string, sentence: string, fix?: SpecFix): SpecIssue {
  return issueAt(path, sentence, 'warning', fix)
}

function issueAt(
  path: string,
  sentence: string,
  severity: SpecIssue['severity'],
  fix: SpecFix | undefined,
): SpecIssue {
  const issue = { path, message: `${path}: ${sentence}`, severity }
  return fix === undefined ? issue : { ...issue, fix }
}
