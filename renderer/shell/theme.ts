import { ref, watchEffect } from 'vue'
import { readTheme, writeTheme, type ThemeChoice } from '../platform/preferences'

const darkSystem = matchMedia('(prefers-color-scheme: dark)')

/** The chosen theme and the one that is shown; applies it to the document. */
export function useTheme() {
  const choice = ref<ThemeChoice>(readTheme())
  const shown = ref<'light' | 'dark'>('light')
  const systemIsDark = ref(darkSystem.matches)
  darkSystem.addEventListener('change', (event) => {
    systemIsDark.value = event.matches
  })
  watchEffect(() => {
    shown.value = choice.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : choice.value
    document.documentElement.dataset['theme'] = shown.value
    writeTheme(choice.value)
  })
  return { choice, shown }
}
