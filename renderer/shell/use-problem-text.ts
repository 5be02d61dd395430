import { useI18n } from 'vue-i18n'
import type { SpecIssue } from '#core/spec/issue'
import type { DocumentProblem } from '../workspace/workspace-document'

/** Problems in the person's language, with their place in the document before them. */
export function useProblemText() {
  const { t } = useI18n()

  function ofIssue({ path, problem }: Pick<SpecIssue, 'path' | 'problem'>): string {
    const sentence = t(`problem.${problem.kind}`, problem.values)
    return path === '' ? sentence : `${path}: ${sentence}`
  }

  function ofDocument(problem: DocumentProblem): string {
    return problem.kind === 'not-json'
      ? t('documentProblem.notJson', { reason: problem.reason })
      : ofIssue(problem)
  }

  return { ofIssue, ofDocument }
}
