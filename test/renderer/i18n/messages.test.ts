import { describe, expect, it } from 'vitest'
import { en } from '../../../renderer/i18n/en'
import { zhCn } from '../../../renderer/i18n/zh-cn'

/** "run.pause" -> text, for every text. */
function textsOf(messages: object, path = ''): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [key, value] of Object.entries(messages)) {
    const place = path === '' ? key : `${path}.${key}`
    if (typeof value === 'string') texts.set(place, value)
    else if (typeof value === 'object' && value !== null)
      for (const [inner, text] of textsOf(value, place)) texts.set(inner, text)
  }
  return texts
}

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

describe('the languages', () => {
  const english = textsOf(en)
  const chinese = textsOf(zhCn)

  it('have the same keys', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('leave no text empty', () => {
    for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe('')
  })

  it('use no character that the message compiler takes for syntax', () => {
    for (const [key, text] of [...english, ...chinese])
      for (const form of text.split(' | ')) expect(form, key).not.toMatch(/[|@]/)
  })

  it('have two forms where English counts, which speak of the same values, and one in Chinese', () => {
    const counted = [...english].filter(([, text]) => text.includes(' | '))
    expect(counted).not.toHaveLength(0)
    for (const [key, text] of counted) {
      const [one = '', many = '', ...others] = text.split(' | ')
      expect(others, key).toEqual([])
      expect(placeholders(one), key).toEqual(placeholders(many))
    }
    for (const [key, text] of chinese) expect(text, key).not.toContain(' | ')
  })

  it('speak of the same values', () => {
    for (const [key, text] of english)
      expect(placeholders(chinese.get(key) ?? ''), key).toEqual(placeholders(text))
  })
})
