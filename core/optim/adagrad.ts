import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { rounding, slot, type OptimizerDefinition } from './definition'

/** torch.optim.Adagrad. sum += g²; p -= lr / (1 + (t - 1) * lrDecay) * g / (sqrt(sum) + eps). */
export const adagrad: OptimizerDefinition<OptimizerSpecOf<'Adagrad'>, readonly [Floats]> = {
  slots: (spec, shape) => [slot('sum', shape, spec.initialAccumulatorValue)],

  update(spec, { value, grad, slots: [sum], lr, weightDecay, step }) {
    const round = rounding(value)
    const eps = round(spec.eps)
    const penalty = round(weightDecay)
    const sign = spec.maximize ? -1 : 1
    const rate = round(lr / (1 + (step - 1) * spec.lrDecay))
    for (let i = 0; i < value.length; i++) {
      const p = value[i] as number
      let g = sign * (grad[i] as number)
      if (penalty !== 0) g += penalty * p
      sum[i] = (sum[i] as number) + g * g
      value[i] = p - (rate * g) / (Math.sqrt(sum[i] as number) + eps)
    }
  },
}
