import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { lerp, rounding, slot, type OptimizerDefinition } from './definition'

/** torch.optim.Adamax. u = max(beta2 * u, |g| + eps), eps inside the maximum; p -= lr / (1 - beta1^t) * m / u. */
export const adamax: OptimizerDefinition<OptimizerSpecOf<'Adamax'>, readonly [Floats, Floats]> = {
  slots: (_spec, shape) => [slot('exp_avg', shape), slot('exp_inf', shape)],

  update(spec, { value, grad, slots: [m, u], lr, weightDecay, momentum, step }) {
    const beta1 = momentum ?? spec.betas[0]
    const round = rounding(value)
    const fresh = round(1 - beta1)
    const keep = round(spec.betas[1])
    const eps = round(spec.eps)
    const penalty = round(weightDecay)
    const sign = spec.maximize ? -1 : 1
    const stepSize = round(lr / (1 - beta1 ** step))
    for (let i = 0; i < value.length; i++) {
      const p = value[i] as number
      let g = sign * (grad[i] as number)
      if (penalty !== 0) g += penalty * p
      m[i] = lerp(m[i] as number, g, fresh)
      u[i] = Math.max((u[i] as number) * keep, Math.abs(g) + eps)
      value[i] = p - (stepSize * (m[i] as number)) / (u[i] as number)
    }
  },
}
