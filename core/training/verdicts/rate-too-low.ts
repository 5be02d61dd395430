import { largestUpdateRatio, medianLoss, type Evidence } from './evidence'
import { raiseRate } from './learning-rate'
import type { Verdict } from './verdict'

/** A tenth of the healthy 1e-3: ten thousand steps to go once the length of the weights. */
const SMALL_UPDATE = 1e-4
/** A median of 20 batches of 64 scatters by less than 1 %; 5 % in the first 100 steps is what any useful rate does. */
const NOT_LEARNED = 0.95
const FEWEST_STEPS = 100
const SAMPLE = 20

/** Nothing moves, and no layer can be blamed for it: the caller has asked them before. */
export function learningRateTooLow({ losses, reports, spec }: Evidence): Verdict | null {
  const updateRatio = largestUpdateRatio(reports)
  if (updateRatio === null || updateRatio > SMALL_UPDATE) return null
  if ((losses.steps[losses.length - 1] ?? 0) < FEWEST_STEPS) return null
  const before = medianLoss(losses, 0, SAMPLE)
  const now = medianLoss(losses, -SAMPLE, losses.length)
  if (!(now > NOT_LEARNED * before)) return null
  return {
    kind: 'learningRateTooLow',
    updateRatio,
    severity: 'error',
    remedies: [raiseRate(spec)],
  }
}
