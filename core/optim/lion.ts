import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { rounding, slot, type OptimizerDefinition } from './definition'

/**
 * Lion, not in torch (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms"): every weight moves by the whole rate
 * in the direction sign(beta1 * m + (1 - beta1) * g); m = beta2 * m + (1 - beta2) * g; weight decay is decoupled.
 */
export const lion: OptimizerDefinition<OptimizerSpecOf<'Lion'>, readonly [Floats]> = {
  slots: (_spec, shape) => [slot('exp_avg', shape)],

  update(spec, { value, grad, slots: [average], lr, weightDecay, momentum }) {
    const round = rounding(value)
    const beta1 = momentum ?? spec.betas[0]
    const beta2 = spec.betas[1]
    const rate = round(lr)
    const sign = spec.maximize ? -1 : 1
    const shrink = round(1 - lr * weightDecay)
    for (let i = 0; i < value.length; i++) {
      const g = sign * (grad[i] as number)
      const m = average[i] as number
      value[i] = (value[i] as number) * shrink
      value[i] = (value[i] as number) - rate * Math.sign(beta1 * m + (1 - beta1) * g)
      average[i] = beta2 * m + (1 - beta2) * g
    }
  },
}
