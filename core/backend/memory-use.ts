/** Bytes that a session holds while it trains, exactly as its backend lays them out, padding included. */
export interface MemoryUse {
  readonly parameters: number
  readonly gradients: number
  readonly optimizerState: number
  /** What layers put out, their gradients, and the batch at the entrance. */
  readonly activations: number
  readonly dataset: number
  /** Scratch, tables of steps, control words. */
  readonly other: number
  readonly total: number
  /** The largest single buffer, which a GPU limits. */
  readonly largestBuffer: number
}

export function memoryUse(parts: Omit<MemoryUse, 'total'>): MemoryUse {
  const { parameters, gradients, optimizerState, activations, dataset, other } = parts
  const total = parameters + gradients + optimizerState + activations + dataset + other
  return { ...parts, total }
}
