import type { SchedulerSpecOf } from '#core/spec/schedulers'
import type { RateRule } from './scheduler'

interface Phase {
  /** Position of its last step; may be a fraction. */
  readonly end: number
  readonly lr: readonly [from: number, to: number]
  readonly momentum: readonly [from: number, to: number]
}

/**
 * OneCycleLR, per batch: from maxLr / divFactor up to maxLr and down to maxLr / divFactor / finalDivFactor; momentum the other way.
 * Overwrites the rates of all groups. torch raises an error one step after totalSteps; here the last rate stays.
 */
export function oneCycleLR(spec: SchedulerSpecOf<'OneCycleLR'>, totalSteps: number): RateRule {
  const phases = phasesOf(spec, totalSteps)
  const anneal = spec.annealStrategy === 'cos' ? cosine : linear
  const initialLr = spec.maxLr / spec.divFactor
  return {
    prepare(groups) {
      groups.initialLrs = groups.lrs.map(() => initialLr)
    },
    rates({ groups, position }) {
      const step = Math.min(position, totalSteps)
      const index = phases.findIndex((phase, i) => step <= phase.end || i === phases.length - 1)
      const phase = phases[index]
      if (phase === undefined) return [...groups.lrs]
      const start = phases[index - 1]?.end ?? 0
      const progress = phase.end === start ? 1 : (step - start) / (phase.end - start)
      if (spec.cycleMomentum && groups.momentum !== null) {
        groups.momentum = anneal(...phase.momentum, progress)
        groups.momentumMoved = true
      }
      const lr = anneal(...phase.lr, progress)
      return groups.lrs.map(() => lr)
    },
  }
}

function phasesOf(spec: SchedulerSpecOf<'OneCycleLR'>, totalSteps: number): readonly Phase[] {
  const { maxLr, pctStart, baseMomentum, maxMomentum } = spec
  const initialLr = maxLr / spec.divFactor
  const minLr = initialLr / spec.finalDivFactor
  const up: Phase = {
    end: pctStart * totalSteps - 1,
    lr: [initialLr, maxLr],
    momentum: [maxMomentum, baseMomentum],
  }
  const last = totalSteps - 1
  if (!spec.threePhase) {
    return [up, { end: last, lr: [maxLr, minLr], momentum: [baseMomentum, maxMomentum] }]
  }
  return [
    up,
    {
      end: 2 * pctStart * totalSteps - 2,
      lr: [maxLr, initialLr],
      momentum: [baseMomentum, maxMomentum],
    },
    { end: last, lr: [initialLr, minLr], momentum: [maxMomentum, maxMomentum] },
  ]
}

function cosine(from: number, to: number, progress: number): number {
  return to + ((from - to) / 2) * (Math.cos(Math.PI * progress) + 1)
}

function linear(from: number, to: number, progress: number): number {
  return (to - from) * progress + from
}
