/**
 * What memory is for. Activations: what layers put out, their gradients, and the batch at the entrance; other: scratch, tables
 * of steps, control words.
 */
export const MEMORY_PARTS = [
  'parameters',
  'gradients',
  'optimizerState',
  'activations',
  'dataset',
  'other',
] as const
export type MemoryPart = (typeof MEMORY_PARTS)[number]

/** Bytes that a session holds while it trains, exactly as its backend lays them out, padding included. */
export interface MemoryUse extends Readonly<Record<MemoryPart, number>> {
  readonly total: number
  /** The largest single buffer, which a GPU limits. */
  readonly largestBuffer: number
}

export function memoryUse(parts: Omit<MemoryUse, 'total'>): MemoryUse {
  return { ...parts, total: MEMORY_PARTS.reduce((sum, part) => sum + parts[part], 0) }
}
