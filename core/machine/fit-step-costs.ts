import { STEP_COSTS, stepAmounts, type StepCosts } from './step-time'
import type { TrainingShape } from './training-shape'

/** A net whose steps were timed. */
export interface TimedShape {
  readonly shape: TrainingShape
  /** Seconds a step. */
  readonly seconds: number
}

/**
 * The costs, none negative, whose sums come nearest to what was timed; every timing counts alike, long or short, since
 * its error is taken relative to itself.
 */
export function fitStepCosts(timed: readonly TimedShape[]): StepCosts {
  const rows = timed.map(({ shape, seconds }) => {
    const amounts = stepAmounts(shape)
    return STEP_COSTS.map((name) => amounts[name] / seconds)
  })
  const found = nonNegativeLeastSquares(
    rows,
    timed.map(() => 1),
  )
  const costs = STEP_COSTS.map((name, i) => [name, found[i] ?? 0] as const)
  return Object.fromEntries(costs) as Record<(typeof STEP_COSTS)[number], number>
}

const SWEEPS = 20_000
const STILL = 1e-10
/** A column shorter than this counts as empty: what it would need as its factor may be no finite number. */
const SHORTEST_COLUMN = 1e-300

/**
 * x >= 0 that minimises |A x - b|², by coordinate descent: each unknown in turn takes the value that is best given the
 * others. rows: A, row by row. The problem is convex, so that the descent ends at the minimum.
 */
export function nonNegativeLeastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): readonly number[] {
  const width = rows[0]?.length ?? 0
  const columns = Array.from({ length: width }, (_, j) => rows.map((row) => row[j] ?? 0))
  // Columns of unit length: the descent does not care for their units, and `STILL` means the same for all.
  const lengths = columns.map((column) => {
    const length = Math.hypot(...column)
    return length < SHORTEST_COLUMN ? 0 : length
  })
  const unit = columns.map((column, j) => column.map((value) => value / (lengths[j] || 1)))
  const x = new Float64Array(width)
  const residual = Float64Array.from(targets)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0
    unit.forEach((column, j) => {
      if (lengths[j] === 0) return
      const old = x[j] ?? 0
      const slope = column.reduce((sum, value, i) => sum + value * (residual[i] ?? 0), 0)
      const best = Math.max(0, old + slope)
      if (best === old) return
      column.forEach((value, i) => {
        residual[i] = (residual[i] ?? 0) - value * (best - old)
      })
      x[j] = best
      moved = Math.max(moved, Math.abs(best - old))
    })
    if (moved < STILL) break
  }
  return lengths.map((length, j) => (length === 0 ? 0 : (x[j] ?? 0) / length))
}
