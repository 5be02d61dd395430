import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { slot, type OptimizerDefinition } from './definition'

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
    const { rho, eps } = spec
    const sign = spec.maximize ? -1 : 1
    for (let i = 0; i < value.length; i++) {
      const p = value[i] as number
      let g = sign * (grad[i] as number)
      if (weightDecay !== 0) g += weightDecay * p
      squares[i] = (squares[i] as number) * rho + (1 - rho) * g * g
      const acc = deltas[i] as number
      const delta = (Math.sqrt(acc + eps) / Math.sqrt((squares[i] as number) + eps)) * g
      deltas[i] = acc * rho + (1 - rho) * delta * delta
      value[i] = p - lr * delta
    }
  },
}
