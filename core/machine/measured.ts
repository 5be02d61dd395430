import type { Confidence, Measured } from './report'

/** Makes leaves that all name the same source, so that parsers read as a list of values. */
export function leavesFrom(source: string): LeafMaker {
  return (value, unit, method, confidence = 'reported') =>
    isKnown(value)
      ? { value, unit, source, method, confidence }
      : { value: null, unit, source, method, confidence: 'unknown' }
}

/** Gives an unknown leaf for null, NaN, infinity and empty text, whatever confidence is asked for. */
export type LeafMaker = <T extends string | number | boolean | readonly string[]>(
  value: T | null | undefined,
  unit: string | null,
  method: string,
  confidence?: Confidence,
) => Measured<T>

export function unknownLeaf(unit: string | null, method = 'no source had it'): Measured<never> {
  return { value: null, unit, source: 'none', method, confidence: 'unknown' }
}

function isKnown<T>(value: T | null | undefined): value is T {
  if (value === null || value === undefined || value === '') return false
  return typeof value !== 'number' || Number.isFinite(value)
}
