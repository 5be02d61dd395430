import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { rounding, slot, type OptimizerDefinition } from './definition'

/**
 * torch.optim.Adadelta. d = sqrt(acc + eps) / sqrt(sq + eps) * g, eps inside both roots; acc takes in d² without the rate;
 * p -= lr * d.
 */
export const adadelta: OptimizerDefinition<
  OptimizerSpecOf<'Adadelta'>,
  readonly [Floats, Floats]
> = {
  slots: (_spec, shape) => [slot('square_avg', shape), slot('acc_delta', shape)],

  update(spec, { value, grad, slots: [squares, deltas], lr, weightDecay }) {
    const round = rounding(value)
    const keep = round(spec.rho)
    const take = round(1 - spec.rho)
    const eps = round(spec.eps)
    const penalty = round(weightDecay)
    const rate = round(lr)
    const sign = spec.maximize ? -1 : 1
    for (let i = 0; i < value.length; i++) {
      const p = value[i] as number
      let g = sign * (grad[i] as number)
      if (penalty !== 0) g += penalty * p
      squares[i] = (squares[i] as number) * keep + take * g * g
      const acc = deltas[i] as number
      const delta = (Math.sqrt(acc + eps) / Math.sqrt((squares[i] as number) + eps)) * g
      deltas[i] = acc * keep + take * delta * delta
      value[i] = p - rate * delta
    }
  },
}
