import type { Confidence, Conflict, Leaf, LeafValue } from './report'

/** A record of leaves and what one source knows of it. */
export type LeafRecord = Readonly<Record<string, Leaf>>
export type Part<R extends LeafRecord> = Readonly<Partial<R>>

/**
 * Precedence. First by confidence in this order; among equals the earlier source wins, so the caller's order
 * of sources is the rest of the rule. A table beats an inference: the table knows the card, an inference guesses.
 */
const RANK: Readonly<Record<Confidence, number>> = {
  override: 0,
  measured: 1,
  reported: 2,
  derived: 3,
  table: 4,
  inferred: 5,
  unknown: 6,
}

/** Leaves that move from moment to moment, or that every tool writes in its own way: no disagreement is shown. */
const NEVER_IN_CONFLICT: ReadonlySet<string> = new Set([
  'id',
  'name',
  'model',
  'simd',
  'driver',
  'apis',
  'used',
  'available',
  'free',
  'memoryUsed',
  'memoryClock',
  'coreClock',
  'temperature',
  'utilization',
  'version',
  'manufacturer',
])

/** Two numbers within this share of each other are the same: tools round and firmware reserves. */
const SAME_WITHIN = 0.05

/** One record out of what several sources said, best source per leaf, disagreements kept. */
export function mergeRecord<R extends LeafRecord>(blank: R, parts: readonly Part<R>[]): R {
  const merged: Record<string, Leaf> = {}
  for (const [key, nothing] of Object.entries(blank)) {
    merged[key] = mergeLeaf(
      key,
      nothing,
      parts.flatMap((part) => part[key] ?? []),
    )
  }
  return merged as R // every key of the blank record was filled with a leaf of its own kind
}

function mergeLeaf(key: string, nothing: Leaf, candidates: readonly Leaf[]): Leaf {
  const ranked = candidates.toSorted((a, b) => RANK[a.confidence] - RANK[b.confidence])
  const best = ranked[0]
  if (best === undefined) return nothing
  if (best.value === null) return unknownWithReasons(nothing, ranked)
  if (NEVER_IN_CONFLICT.has(key)) return best
  const conflicts = ranked.slice(1).flatMap((other) => conflictWith(best.value, other))
  // The conflicts hold values of the same leaf in other sources, hence of the same type as the best one.
  return conflicts.length === 0 ? best : ({ ...best, conflicts } as Leaf)
}

function conflictWith(chosen: LeafValue | null, other: Leaf): readonly Conflict<LeafValue>[] {
  if (other.value === null || chosen === null || isSame(chosen, other.value)) return []
  const { value, unit, source, confidence } = other
  return [{ value, unit, source, confidence }]
}

/** A name and its longer form agree: 'HBM' and 'HBM2', 'LPDDR5' and 'LPDDR5X'. */
function isSame(a: LeafValue, b: LeafValue): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= SAME_WITHIN * Math.max(Math.abs(a), Math.abs(b))
  }
  const [x, y] = [String(a).toLowerCase(), String(b).toLowerCase()]
  return x.startsWith(y) || y.startsWith(x)
}

/** Nobody knows, but some know why: their reasons are worth showing. */
function unknownWithReasons(nothing: Leaf, candidates: readonly Leaf[]): Leaf {
  const reasons = [
    ...new Set(candidates.map((leaf) => `not told by ${leaf.source} (${leaf.method})`)),
  ]
  const sources = [...new Set(candidates.map((leaf) => leaf.source))]
  return { ...nothing, source: sources.join(', '), method: reasons.join('; ') }
}
