import { useI18n } from 'vue-i18n'
import { readDeviceProblem } from '#core/backend/device-problem'

/** Returns what says a sentence about a device in the person's language, and one that is none of ours as it is. */
export function useDeviceProblem(): (sentence: string) => string {
  const { t } = useI18n()

  return function spoken(sentence: string): string {
    const problem = readDeviceProblem(sentence)
    if (problem === null) return sentence
    const values = Object.entries(problem.values).map(([name, value]) => [name, spoken(value)])
    return t(`deviceProblem.${problem.kind}`, Object.fromEntries(values) as Record<string, string>)
  }
}
