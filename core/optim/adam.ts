import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import {
  lerp,
  rounding,
  slot,
  type OptimizerDefinition,
  type Slot,
  type Update,
} from './definition'

type AdamSlots = readonly [expAvg: Floats, expAvgSq: Floats, maxExpAvgSq?: Floats]
type AdamLike = OptimizerSpecOf<'Adam'> | OptimizerSpecOf<'AdamW'>

/** torch.optim.Adam: weight decay is an L2 penalty in the gradient, unless it is decoupled. */
export const adam: OptimizerDefinition<OptimizerSpecOf<'Adam'>, AdamSlots> = {
  slots: adamSlots,
  update: (spec, at) => {
    updateAdam(spec, at, spec.decoupledWeightDecay)
  },
}

export function adamSlots(spec: AdamLike, shape: readonly number[]): readonly Slot[] {
  const moments = [slot('exp_avg', shape), slot('exp_avg_sq', shape)]
  return spec.amsgrad ? [...moments, slot('max_exp_avg_sq', shape)] : moments
}

/**
 * m = lerp(m, g, 1 - beta1); v = beta2 * v + (1 - beta2) * g²; p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps).
 * eps comes after the bias correction; amsgrad takes the maximum of the uncorrected v.
 */
export function updateAdam(spec: AdamLike, at: Update<AdamSlots>, decoupled: boolean): void {
  const { value, grad, lr, step, weightDecay } = at
  const [m, v, largest] = at.slots
  const beta1 = at.momentum ?? spec.betas[0]
  const beta2 = spec.betas[1]
  const round = rounding(value)
  const fresh = round(1 - beta1)
  const keep = round(beta2)
  const take = round(1 - beta2)
  const eps = round(spec.eps)
  const sign = spec.maximize ? -1 : 1
  const stepSize = round(lr / (1 - beta1 ** step))
  const correction = round(Math.sqrt(1 - beta2 ** step))
  const shrink = decoupled ? round(1 - lr * weightDecay) : 1
  const penalty = decoupled ? 0 : round(weightDecay)
  for (let i = 0; i < value.length; i++) {
    let p = value[i] as number
    let g = sign * (grad[i] as number)
    if (shrink !== 1) {
      value[i] = p * shrink
      p = value[i] as number
    }
    if (penalty !== 0) g += penalty * p
    m[i] = lerp(m[i] as number, g, fresh)
    v[i] = (v[i] as number) * keep + take * g * g
    let second = v[i] as number
    if (largest !== undefined) {
      second = Math.max(largest[i] as number, second)
      largest[i] = second
    }
    value[i] = p - (stepSize * (m[i] as number)) / (Math.sqrt(second) / correction + eps)
  }
}
