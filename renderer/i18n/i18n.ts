import { createI18n } from 'vue-i18n'
import { en } from './en'
import type { Messages } from './messages'
import { zhCn } from './zh-cn'

export const locales = ['en', 'zh-CN'] as const
export type Locale = (typeof locales)[number]

export const i18n = createI18n<[Messages], Locale, false>({
  // Until version 12, where it is the only mode and the option goes away.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: { en, 'zh-CN': zhCn },
})

/** Also tells the document, which chooses fonts and hyphenation by it. */
export function setLocale(locale: Locale): void {
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}
