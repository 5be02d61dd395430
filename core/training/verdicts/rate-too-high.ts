import { largestUpdateRatio, medianLoss, type Evidence } from './evidence'
import { lowerRate } from './learning-rate'
import type { Verdict } from './verdict'

/** A step that moves the weights by a tenth of themselves; about 1e-3 is healthy, Adam's first steps reach 5e-2. */
const LARGE_UPDATE = 0.1
/** Batches scatter by some tenths of the loss; threefold is no scatter. */
const CLIMBED = 3
/** A run whose loss is not even a tenth below its first one has learned next to nothing. */
const NOT_LEARNED = 0.9
/** Before that many steps a loss that rose may still come down. */
const FEWEST_STEPS = 10
const PRESENT = 20

/**
 * The steps are longer than the valley is wide: updates as large as the weights, or a loss that climbed, with nothing learned,
 * with numbers that gave out, or with `fellIll`: layers that such updates made ill. A run that learns and whose layers are
 * well has no too high rate, whatever its updates.
 */
export function learningRateTooHigh(evidence: Evidence, fellIll: boolean): Verdict | null {
  const { losses, reports, failure, spec } = evidence
  const firstLoss = losses.losses[0] ?? NaN
  const presentLoss = medianLoss(losses, -PRESENT, losses.length)
  const highestLoss = highest(evidence)
  const updateRatio = largestUpdateRatio(reports)
  const violent = highestLoss > CLIMBED * firstLoss || (updateRatio ?? 0) > LARGE_UPDATE
  const learnedNothing = losses.length >= FEWEST_STEPS && presentLoss > NOT_LEARNED * firstLoss
  if (!violent || (failure === null && !learnedNothing && !fellIll)) return null
  return {
    kind: 'learningRateTooHigh',
    evidence: { firstLoss, highestLoss, presentLoss, updateRatio },
    severity: 'error',
    remedies: [lowerRate(spec)],
  }
}

function highest({ losses: { losses, length } }: Evidence): number {
  let most = -Infinity
  for (let i = 0; i < length; i++) most = Math.max(most, losses[i] ?? -Infinity)
  return most
}
