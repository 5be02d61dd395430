import type { Floats } from '#core/tensor/floats'
import { dot, maxAbs } from './flat-vector'

/** A point on the search line, t steps of the direction away from its start. */
interface Trial {
  readonly t: number
  readonly loss: number
  readonly grad: Floats
  /** Slope along the direction: grad · direction. */
  readonly slope: number
}

export interface LineSearchResult {
  readonly t: number
  readonly loss: number
  readonly grad: Floats
  readonly evaluations: number
}

/** Evaluates loss and gradient t steps along the direction and returns to the start. */
export type EvaluateAt = (
  t: number,
) => Generator<undefined, { readonly loss: number; readonly grad: Floats }, number>

const c1 = 1e-4
const c2 = 0.9

/**
 * torch.optim.lbfgs._strong_wolfe: a step length that lowers the loss enough and flattens the slope enough, by bracketing and
 * cubic interpolation (after minFunc by Mark Schmidt). At most maxTrials rounds after the first evaluation.
 */
export function* strongWolfe(
  evaluateAt: EvaluateAt,
  firstT: number,
  direction: Floats,
  loss: number,
  grad: Floats,
  slope: number,
  toleranceChange: number,
  maxTrials: number,
): Generator<undefined, LineSearchResult, number> {
  let evaluations = 0
  function* tryAt(t: number): Generator<undefined, Trial, number> {
    const at = yield* evaluateAt(t)
    evaluations += 1
    return { t, loss: at.loss, grad: at.grad, slope: dot(at.grad, direction) }
  }
  const start: Trial = { t: 0, loss, grad: grad.slice(), slope }
  const tooHigh = (trial: Trial) => trial.loss > loss + c1 * trial.t * slope
  const flatEnough = (trial: Trial) => Math.abs(trial.slope) <= -c2 * slope
  const finish = (trial: Trial): LineSearchResult => ({
    t: trial.t,
    loss: trial.loss,
    grad: trial.grad,
    evaluations,
  })

  let previous = start
  let trial = yield* tryAt(firstT)
  let bracket: [Trial, Trial] | null = null
  let rounds = 0
  while (rounds < maxTrials) {
    if (tooHigh(trial) || (rounds > 1 && trial.loss >= previous.loss)) {
      bracket = [previous, trial]
      break
    }
    if (flatEnough(trial)) return finish(trial)
    if (trial.slope >= 0) {
      bracket = [previous, trial]
      break
    }
    const t = interpolate(previous, trial, [trial.t + 0.01 * (trial.t - previous.t), trial.t * 10])
    previous = trial
    trial = yield* tryAt(t)
    rounds += 1
  }
  bracket ??= [start, trial]

  const maxDirection = maxAbs(direction)
  let insufficient = false
  let low: 0 | 1 = bracket[0].loss <= bracket[1].loss ? 0 : 1
  while (rounds < maxTrials) {
    const width = Math.abs(bracket[1].t - bracket[0].t)
    if (width * maxDirection < toleranceChange) break
    const largest = Math.max(bracket[0].t, bracket[1].t)
    const smallest = Math.min(bracket[0].t, bracket[1].t)
    const margin = 0.1 * (largest - smallest)
    let t = interpolate(bracket[0], bracket[1])
    if (Math.min(largest - t, t - smallest) < margin) {
      if (insufficient || t >= largest || t <= smallest) {
        t = Math.abs(t - largest) < Math.abs(t - smallest) ? largest - margin : smallest + margin
        insufficient = false
      } else {
        insufficient = true
      }
    } else {
      insufficient = false
    }
    trial = yield* tryAt(t)
    rounds += 1
    const high: 0 | 1 = low === 0 ? 1 : 0
    if (tooHigh(trial) || trial.loss >= bracket[low].loss) {
      bracket[high] = trial
      low = bracket[0].loss <= bracket[1].loss ? 0 : 1
    } else {
      const done = flatEnough(trial)
      if (!done && trial.slope * (bracket[high].t - bracket[low].t) >= 0) {
        bracket[high] = bracket[low]
      }
      bracket[low] = trial
      if (done) break
    }
  }
  return finish(bracket[low])
}

/** Minimum of the cubic through two points and their slopes, kept within bounds (the points themselves unless given). */
function interpolate(a: Trial, b: Trial, bounds?: readonly [number, number]): number {
  const [lowest, highest] = bounds ?? (a.t <= b.t ? [a.t, b.t] : [b.t, a.t])
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t)
  const square = d1 ** 2 - a.slope * b.slope
  if (!(square >= 0)) return (lowest + highest) / 2
  const d2 = Math.sqrt(square)
  const minimum =
    a.t <= b.t
      ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
      : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2))
  return Math.min(Math.max(minimum, lowest), highest)
}
