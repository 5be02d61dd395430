import { fillIn, type Placeholder } from '#core/spec/fill-in'
import { deviceProblemTexts, type memoryTexts } from './device-problem-texts'

type DeviceProblemKind = keyof typeof deviceProblemTexts

/** A buffer of a session. */
export type MemoryName = keyof typeof memoryTexts

type Values<K extends DeviceProblemKind> = {
  readonly [Name in Placeholder<(typeof deviceProblemTexts)[K]>]: string | number
}

/** A sentence that was understood. */
export interface DeviceProblem {
  readonly kind: DeviceProblemKind
  readonly values: Readonly<Record<string, string>>
}

/** The English sentence, which is also what errors, news and records carry: `readDeviceProblem` understands it. */
export function deviceProblem<K extends DeviceProblemKind>(kind: K, values: Values<K>): string {
  return fillIn(deviceProblemTexts[kind], values)
}

/**
 * Which problem a sentence speaks of, with its values, which may be sentences in turn; null: none of ours. As in gettext the
 * English sentence is the key, so that it passes every port, error and file as it is.
 */
export function readDeviceProblem(sentence: string): DeviceProblem | null {
  for (const { kind, pattern } of PATTERNS) {
    const found = pattern.exec(sentence)
    if (found !== null) return { kind, values: { ...found.groups } }
  }
  return null
}

/** Those with the most words of their own first: a text that is nearly all values fits nearly everything. */
const PATTERNS = (Object.keys(deviceProblemTexts) as DeviceProblemKind[])
  .map((kind) => ({ kind, text: deviceProblemTexts[kind] }))
  .sort((a, b) => wordsOf(b.text).length - wordsOf(a.text).length)
  .map(({ kind, text }) => ({ kind, pattern: patternOf(text) }))

function wordsOf(text: string): string {
  return text.replace(/\{\w+\}/g, '')
}

function patternOf(text: string): RegExp {
  const parts = text
    .split(/\{(\w+)\}/)
    .map((part, i) => (i % 2 === 0 ? quoted(part) : `(?<${part}>.+?)`))
  return new RegExp(`^${parts.join('')}$`, 's')
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
