import { useI18n } from 'vue-i18n'
import type { Remedy } from '#core/training/verdicts/verdict'
import { count } from '../kit/format'

/** What a remedy does, as its button says it. */
export function useRemedyText() {
  const { t } = useI18n()
  return ({ kind, value }: Remedy): string =>
    t(`health.remedy.${kind}`, {
      value: value === null ? '' : value < 1000 ? value : count(value),
    })
}
