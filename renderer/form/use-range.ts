import { useI18n } from 'vue-i18n'
import { numberText } from '../kit/number-text'
import { limitProblem } from './fields'

/** Checks for number fields: what is wrong with a value, in words, or null. */
export function useRange() {
  const { t } = useI18n()
  return (min: number, max: number, integer = true) =>
    (value: number | null): string | null => {
      const limits = { integer, min, max, aboveMin: false, belowMax: false, nullable: false }
      const problem = limitProblem(limits, value)
      return problem && t(`field.${problem.key}`, { limit: numberText(problem.limit) })
    }
}
