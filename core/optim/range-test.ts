import { fail, ok, type Result } from '#core/tensor/result'

/**
 * The learning rate range test (Smith 2017, "Cyclical Learning Rates"): a short run whose rate grows from step to step; the best rate
 * is where the loss falls fastest. Pure: whoever trains takes the steps of the plan and records the losses.
 */
export interface RangeTestPlan {
  readonly from: number
  readonly to: number
  readonly steps: number
}

export interface RangeTestPoint {
  readonly lr: number
  /** Loss of the batch before its step. */
  readonly loss: number
}

export interface RateSuggestion {
  /** Rate at the steepest fall of the smoothed loss. */
  readonly lr: number
  /** Smoothed losses, one a point that was looked at: up to the divergence, where there is one. */
  readonly smoothed: readonly number[]
  /** Rate from which on the run diverged; null: it did not, and higher rates may work too. */
  readonly divergesAt: number | null
}

export const usualRangeTest: RangeTestPlan = { from: 1e-6, to: 10, steps: 100 }

/** The rate of each step: from ... to, each the same factor above the last. */
export function rangeTestRates({ from, to, steps }: RangeTestPlan): Float64Array {
  return Float64Array.from({ length: steps }, (_, i) =>
    steps === 1 ? from : from * (to / from) ** (i / (steps - 1)),
  )
}

/** The run has diverged and need not go on: its recent loss is not finite, or four times the smallest so far. */
export function hasDiverged(losses: readonly number[]): boolean {
  return divergence(losses) !== null
}

/** A rate from the recorded points, or a sentence that says why there is none. */
export function suggestRate(points: readonly RangeTestPoint[]): Result<RateSuggestion, string> {
  const losses = points.map(({ loss }) => loss)
  const end = divergence(losses)
  const smoothed = smooth(losses.slice(0, end ?? losses.length))
  if (smoothed.length < 8) {
    return fail(
      'the test ended after fewer than 8 steps: start from a smaller rate, or take more steps',
    )
  }
  const slopes = smoothed.map((_, i) => slopeAt(points, smoothed, i))
  const steepest = Math.min(...slopes)
  const at = points[slopes.indexOf(steepest)]
  if (at === undefined || steepest >= 0) {
    return fail('the loss did not fall at any rate: test larger rates, or check the model')
  }
  const divergesAt = end === null ? null : (points[end]?.lr ?? null)
  return ok({ lr: at.lr, smoothed, divergesAt })
}

/** Average over neighbours, nearer ones counting more, so that single batches do not decide; looks both ways, so it does not lag. */
function smooth(losses: readonly number[]): number[] {
  const reach = Math.min(6, Math.floor(losses.length / 8))
  return losses.map((_, i) => {
    let [sum, weights] = [0, 0]
    for (let offset = -reach; offset <= reach; offset++) {
      const loss = losses[i + offset]
      if (loss === undefined) continue
      const weight = reach + 1 - Math.abs(offset)
      sum += weight * loss
      weights += weight
    }
    return sum / weights
  })
}

/** Index at which the run diverged: an exponential average of the loss, without the bias of its start, exceeds its smallest fourfold. */
function divergence(losses: readonly number[]): number | null {
  const keep = 0.7
  let [average, smallest] = [0, Infinity]
  for (const [i, loss] of losses.entries()) {
    average = keep * average + (1 - keep) * loss
    const recent = average / (1 - keep ** (i + 1))
    if (!Number.isFinite(recent) || recent > 4 * smallest) return i
    smallest = Math.min(smallest, recent)
  }
  return null
}

/** Change of the loss per factor e of the rate, over the two neighbours; the ends have none. */
function slopeAt(points: readonly RangeTestPoint[], losses: readonly number[], i: number): number {
  const [before, after] = [points[i - 1], points[i + 1]]
  const [left, right] = [losses[i - 1], losses[i + 1]]
  if (before === undefined || after === undefined || left === undefined || right === undefined) {
    return Infinity
  }
  return (right - left) / Math.log(after.lr / before.lr)
}
