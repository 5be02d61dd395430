import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { lerp, rounding, slot, type OptimizerDefinition } from './definition'

/**
 * torch.optim.RAdam. While the variance of the adaptive rate cannot be told (rho_t <= 5): p -= lr * m / (1 - beta1^t). After
 * that times rect * sqrt(1 - beta2^t) / (sqrt(v) + eps): eps is added to the uncorrected root.
 */
export const radam: OptimizerDefinition<OptimizerSpecOf<'RAdam'>, readonly [Floats, Floats]> = {
  slots: (_spec, shape) => [slot('exp_avg', shape), slot('exp_avg_sq', shape)],

  update(spec, { value, grad, slots: [m, v], lr, weightDecay, momentum, step }) {
    const beta1 = momentum ?? spec.betas[0]
    const beta2 = spec.betas[1]
    const round = rounding(value)
    const fresh = round(1 - beta1)
    const keep = round(beta2)
    const take = round(1 - beta2)
    const eps = round(spec.eps)
    const rate = round(lr)
    const sign = spec.maximize ? -1 : 1
    const correction1 = 1 - beta1 ** step
    const correction2 = 1 - beta2 ** step
    const rhoInf = 2 / (1 - beta2) - 1
    const rho = rhoInf - (2 * step * beta2 ** step) / correction2
    const divisor = round(correction1)
    const adaptive = rho > 5
    const factor = adaptive ? round(Math.sqrt(correction2)) * round(rectification(rho, rhoInf)) : 1
    const shrink = spec.decoupledWeightDecay ? round(1 - lr * weightDecay) : 1
    const penalty = spec.decoupledWeightDecay ? 0 : round(weightDecay)
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
      const plain = ((m[i] as number) / divisor) * rate
      value[i] = adaptive ? p - (plain * factor) / (Math.sqrt(v[i] as number) + eps) : p - plain
    }
  },
}

function rectification(rho: number, rhoInf: number): number {
  return Math.sqrt(((rho - 4) * (rho - 2) * rhoInf) / ((rhoInf - 4) * (rhoInf - 2) * rho))
}
