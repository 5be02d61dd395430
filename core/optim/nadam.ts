import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { lerp, rounding, slot, type OptimizerDefinition } from './definition'

/**
 * torch.optim.NAdam. mu_t = beta1 * (1 - 0.96^(t * momentumDecay) / 2), mu_product is their running product;
 * p -= lr * (1 - mu_t) / (1 - product) * g / denom + lr * mu_next / (1 - product * mu_next) * m / denom,
 * denom = sqrt(v / (1 - beta2^t)) + eps.
 */
export const nadam: OptimizerDefinition<OptimizerSpecOf<'NAdam'>, readonly [Floats, Floats]> = {
  slots: (_spec, shape) => [slot('exp_avg', shape), slot('exp_avg_sq', shape)],

  update(spec, { value, grad, slots: [m, v], scalars, lr, weightDecay, momentum, step }) {
    const beta1 = momentum ?? spec.betas[0]
    const beta2 = spec.betas[1]
    const round = rounding(value)
    const fresh = round(1 - beta1)
    const keep = round(beta2)
    const take = round(1 - beta2)
    const eps = round(spec.eps)
    const sign = spec.maximize ? -1 : 1
    const correction = round(1 - beta2 ** step)
    const mu = beta1 * (1 - 0.5 * 0.96 ** (step * spec.momentumDecay))
    const muNext = beta1 * (1 - 0.5 * 0.96 ** ((step + 1) * spec.momentumDecay))
    const product = round((step === 1 ? 1 : (scalars['mu_product'] ?? 1)) * mu)
    scalars['mu_product'] = product
    const ofGradient = round((lr * (1 - mu)) / (1 - product))
    const ofMoment = round((lr * muNext) / (1 - product * muNext))
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
      const denom = Math.sqrt((v[i] as number) / correction) + eps
      value[i] = p - (ofGradient * g) / denom
      value[i] = (value[i] as number) - (ofMoment * (m[i] as number)) / denom
    }
  },
}
