import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ReportPart, ReportWords } from '#core/machine/format-report'
import { isNamedLeaf } from './leaf-name'
import { leafText } from './leaf-text'
import { useLeafWords } from './use-leaf-words'
import { useMethodText } from './use-method-text'

/** The copied report in the words of the page. */
export function useReportWords(): ComputedRef<ReportWords> {
  const { t } = useI18n()
  const say = useMethodText()
  const leafWords = useLeafWords()
  return computed(() => {
    const titles: Readonly<Record<ReportPart, string>> = {
      machine: t('machine.system'),
      cpu: t('machine.cpu'),
      memory: t('machine.memory'),
      module: t('machine.modules'),
      gpu: t('machine.gpu'),
      webgpu: t('machine.webgpu'),
      disk: t('machine.disk'),
      sources: t('machine.probers'),
    }
    return {
      title: (part, index) => (index === undefined ? titles[part] : `${titles[part]} ${index + 1}`),
      label: (key) => (isNamedLeaf(key) ? t(`machine.leaf.${key}`) : key),
      value: (leaf, key) => leafText(leaf, leafWords.value, key) ?? t('machine.unknown'),
      source: say.source,
      method: say.method,
      confidence: (confidence) => t(`machine.confidence.${confidence}`),
      butSays: (source, value) => t('machine.butSays', { source, value }),
      outcome: (outcome) => t(`machine.outcome.${outcome}`),
      noGpu: t('machine.noGpu'),
    }
  })
}
