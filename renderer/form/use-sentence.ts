import { useI18n } from 'vue-i18n'
import type { Problem } from '#core/spec/problem'
import { windowWords } from './window-words'

/** What is wrong, in the person's language and in the names of the form. */
export function useSentence() {
  const { t } = useI18n()
  return ({ kind, values }: Problem): string =>
    windowWords(t(`problem.${kind}`, values), {
      valSize: t('optimizer.valSize'),
      full: t('optimizer.batchModes.full'),
    })
}
