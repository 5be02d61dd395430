import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { LeafWords } from './leaf-text'

/** Yes, no and the kinds of cards in the person's language. */
export function useLeafWords(): ComputedRef<LeafWords> {
  const { t } = useI18n()
  return computed(() => ({
    yes: t('machine.yes'),
    no: t('machine.no'),
    kinds: {
      discrete: t('machine.kinds.discrete'),
      integrated: t('machine.kinds.integrated'),
      unified: t('machine.kinds.unified'),
      software: t('machine.kinds.software'),
      virtual: t('machine.kinds.virtual'),
    },
  }))
}
