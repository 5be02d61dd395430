/** Small choices that belong to this window, not to the workspace. A browser that keeps nothing is no error. */
export type ThemeChoice = 'system' | 'light' | 'dark'
export type LocaleChoice = 'en' | 'zh-CN'

export function readTheme(): ThemeChoice {
  const kept = read('theme')
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export function writeTheme(theme: ThemeChoice): void {
  write('theme', theme)
}

/** The kept choice, or what the system speaks. */
export function readLocale(): LocaleChoice {
  const kept = read('locale')
  if (kept === 'en' || kept === 'zh-CN') return kept
  const first = navigator.languages.find((language) => /^(zh|en)\b/i.test(language))
  return first?.toLowerCase().startsWith('zh') === true ? 'zh-CN' : 'en'
}

export function writeLocale(locale: LocaleChoice): void {
  write('locale', locale)
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Private windows may refuse; the choice then lasts as long as the window.
  }
}
