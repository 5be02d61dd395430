import { useI18n } from 'vue-i18n'
import { useDeviceProblem } from '../shell/use-device-problem'
import { spokenMethod, spokenSource } from './spoken-method'

/** Where values come from, and why others are not to be had, in the person's language. */
export function useMethodText() {
  const { locale } = useI18n()
  const problem = useDeviceProblem()
  return {
    method: (text: string): string => spokenMethod(problem(text), locale.value),
    source: (text: string): string => spokenSource(text, locale.value),
  }
}
