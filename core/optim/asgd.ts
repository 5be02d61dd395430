import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { rounding, slot, type OptimizerDefinition } from './definition'

/**
 * torch.optim.ASGD. p *= 1 - lambd * eta; p -= eta * g; eta = lr / (1 + lambd * lr * t)^alpha. From step t0 on, ax is the mean
 * of the parameters that a person may read: torch does not put it into the model, and neither does this.
 */
export const asgd: OptimizerDefinition<OptimizerSpecOf<'ASGD'>, readonly [Floats]> = {
  slots: (_spec, shape) => [slot('ax', shape)],

  update(spec, { value, grad, slots: [average], scalars, lr, weightDecay, step }) {
    const round = rounding(value)
    const eta = step === 1 ? round(lr) : (scalars['eta'] ?? lr)
    const mu = step === 1 ? 1 : (scalars['mu'] ?? 1)
    const sign = spec.maximize ? -1 : 1
    const shrink = round(1 - spec.lambd * eta)
    const penalty = round(weightDecay)
    for (let i = 0; i < value.length; i++) {
      const p = value[i] as number
      let g = sign * (grad[i] as number)
      if (penalty !== 0) g += penalty * p
      value[i] = p * shrink
      value[i] = (value[i] as number) - eta * g
      const a = average[i] as number
      average[i] = mu === 1 ? (value[i] as number) : a + ((value[i] as number) - a) * mu
    }
    scalars['eta'] = round(lr / (1 + spec.lambd * lr * step) ** spec.alpha)
    scalars['mu'] = round(1 / Math.max(1, step - spec.t0))
  },
}
