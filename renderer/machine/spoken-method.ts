import { phrases, sentences, sources } from '../i18n/zh-cn/machine-methods'

/**
 * How a value came about, in the person's language. Methods, reasons and names of sources are written in English where the value is
 * found (electron/probe, core/machine); names of files, fields and tools stay as they are in every language.
 */
export function spokenMethod(text: string, locale: string): string {
  return locale === 'zh-CN' ? chineseMethod(text) : text
}

export function spokenSource(text: string, locale: string): string {
  return locale === 'zh-CN' ? chineseSource(text) : text
}

function chineseSource(text: string): string {
  return text
    .split(', ')
    .map((name) => sources[name] ?? name)
    .join('、')
}

function chineseMethod(text: string): string {
  const whole = phrases[text]
  if (whole !== undefined) return whole
  const refusals = text.split('; not told by ')
  if (refusals.length > 1)
    return refusals
      .map((part, i) => chineseMethod(i === 0 ? part : `not told by ${part}`))
      .join('；')
  const refusal = /^not told by (.+?) \((.*)\)$/s.exec(text)
  if (refusal !== null)
    return `${chineseSource(refusal[1] ?? '')}没有给出（${chineseMethod(refusal[2] ?? '')}）`
  const shared = /^shares system memory: (.*)$/s.exec(text)?.[1]
  if (shared !== undefined) return `使用系统内存：${chineseMethod(shared)}`
  for (const [pattern, chinese] of sentences)
    if (pattern.test(text)) return text.replace(pattern, chinese)
  return text
}
