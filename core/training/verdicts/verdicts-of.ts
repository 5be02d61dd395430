/**
 * What is wrong with a run and what to do about it. Pure rules over recorded figures, one file each. They do not know each
 * other; which of several to believe is decided here: causes before consequences, so that one illness gets one verdict.
 *
 * 1. What the first step showed, before any update, is the work of the init, and no learning rate can have caused it. It is
 *    reported where the layers are still ill, in whatever way (an explosion leaves dead units behind), or the run failed.
 * 2. A learning rate that is too high: it kills units, saturates them and ends in NaN.
 * 3. NaN without either.
 * 4. What the layers show now: a net that learned and then fell ill.
 * 5. A learning rate that is too low, when no layer can be blamed for the standstill.
 * Overfitting needs a net that learns and is reported beside any of these.
 *
 * Among the layers' illnesses: a saturated layer lets no gradient through, so it comes before the vanishing; an explosion
 * drives units to both ends, so it comes before dead units; behind a dead layer all gradients vanish.
 */
import type { RunSpec } from '#core/spec/run-spec'
import { deadUnits } from './dead-units'
import { hasLearned, isStart, lately, type Evidence, type LayerFigures } from './evidence'
import { exploding } from './exploding'
import { notANumber } from './not-a-number'
import { overfitting } from './overfitting'
import { learningRateTooHigh } from './rate-too-high'
import { learningRateTooLow } from './rate-too-low'
import { saturated } from './saturated'
import { vanishing } from './vanishing'
import type { Verdict } from './verdict'

export function verdictsOf(evidence: Evidence): readonly Verdict[] {
  return [causeOf(evidence), overfitting(evidence)].filter((verdict) => verdict !== null)
}

function causeOf(evidence: Evidence): Verdict | null {
  const { spec, reports, failure } = evidence
  const start = reports.find(isStart)
  const atStart = start === undefined ? null : illnessAt(start, spec)
  const now = lastingIllness(evidence, atStart)
  if (atStart !== null && (now !== null || failure !== null))
    return now?.kind === atStart.kind ? now : atStart
  const fellIll = start !== undefined && atStart === null && now !== null
  return (
    learningRateTooHigh(evidence, fellIll) ??
    notANumber(evidence) ??
    now ??
    learningRateTooLow(evidence)
  )
}

/**
 * What the last looks agree on: each finds something, and the last one says what. A net that learned is sure of its features, and
 * that is to have them on the flats; only a layer that was there before it learned anything is ill.
 */
function lastingIllness(evidence: Evidence, atStart: Verdict | null): Verdict | null {
  const grown = atStart?.kind !== 'saturated' && hasLearned(evidence)
  const found = lately(evidence).map((figures) => illnessAt(figures, evidence.spec, !grown))
  return found.every((verdict) => verdict !== null) ? (found.at(-1) ?? null) : null
}

function illnessAt(figures: LayerFigures, spec: RunSpec, saturates = true): Verdict | null {
  return (
    (saturates ? saturated(figures, spec) : null) ??
    exploding(figures, spec) ??
    deadUnits(figures, spec) ??
    vanishing(figures, spec)
  )
}
