import type { Leaf } from '#core/contract/machine'
import { bytes } from '../kit/format'

/** Words of the person's language. */
export interface LeafWords {
  readonly yes: string
  readonly no: string
  /** Kinds of cards. */
  readonly kinds?: Readonly<Record<string, string>>
}

/** A value of the machine with its unit; null where nobody knows it. `key` is the leaf's name in its report. */
export function leafText(leaf: Leaf, words: LeafWords, key?: string): string | null {
  const { value, unit } = leaf
  if (value === null) return null
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'string') return key === 'kind' ? (words.kinds?.[value] ?? value) : value
  if (typeof value === 'number') {
    if (unit === 'bytes') return bytes(value)
    const digits = Number.isInteger(value) ? 0 : 1
    return [value.toLocaleString('en-US', { maximumFractionDigits: digits }), unit]
      .filter((part) => part !== null)
      .join(' ')
  }
  return value.join(', ')
}
