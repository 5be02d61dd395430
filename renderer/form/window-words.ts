import { torchName } from '../kit/format'

/** Choices that a person sees as the document has them. */
const asTheyAre = new Set(['valLoss', 'valAccuracy', 'trainLoss'])

/**
 * A sentence about the document with the names that the form shows: "set dataset.valSize, switch cycleMomentum off" becomes
 * "set validation, switch cycle_momentum off". `labels` are the fields that have a word for a name.
 */
export function windowWords(sentence: string, labels: Readonly<Record<string, string>>): string {
  return sentence.replace(
    /\b(?:(?:dataset|optimizer|scheduler|training)\.)?([a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)*)\b/g,
    (found, name: string) => {
      const own = Object.hasOwn(labels, name) ? labels[name] : undefined
      if (own !== undefined) return own
      if (asTheyAre.has(name)) return found
      return found !== name || /[A-Z]/.test(name) ? torchName(name) : found
    },
  )
}
