/** Undo and redo over whole documents, which are small and share what did not change. */
export interface History<T> {
  readonly past: readonly T[]
  readonly present: T
  readonly future: readonly T[]
  /** Edits in a row with the same key are one step. */
  readonly mergeKey: string | null
}

const deepest = 200

export function historyOf<T>(present: T): History<T> {
  return { past: [], present, future: [], mergeKey: null }
}

/** `mergeKey`: consecutive edits of one field, as by a held arrow key, undo together. */
export function edit<T>(history: History<T>, next: T, mergeKey: string | null = null): History<T> {
  if (next === history.present) return history
  if (mergeKey !== null && mergeKey === history.mergeKey)
    return { ...history, present: next, future: [] }
  return {
    past: [...history.past, history.present].slice(-deepest),
    present: next,
    future: [],
    mergeKey,
  }
}

export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1)
  if (previous === undefined) return history
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    mergeKey: null,
  }
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...later] = history.future
  if (next === undefined) return history
  return {
    past: [...history.past, history.present],
    present: next,
    future: later,
    mergeKey: null,
  }
}
