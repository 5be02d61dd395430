import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { rounding, slot, type OptimizerDefinition } from './definition'

/**
 * torch.optim.SGD. buf = momentum * buf + (1 - dampening) * g, where the first step takes g undampened; p -= lr * buf, or with
 * Nesterov p -= lr * (g + momentum * buf). The rate stands outside the buffer, so that a new rate acts at once.
 */
export const sgd: OptimizerDefinition<OptimizerSpecOf<'SGD'>, readonly [Floats?]> = {
  slots: (spec, shape) => (spec.momentum === 0 ? [] : [slot('momentum_buffer', shape)]),

  update(spec, { value, grad, slots: [buffer], lr, weightDecay, momentum: cycled, step }) {
    const round = rounding(value)
    const momentum = round(cycled ?? spec.momentum)
    const rate = round(lr)
    const penalty = round(weightDecay)
    const sign = spec.maximize ? -1 : 1
    const keep = step === 1 ? 0 : momentum
    const take = step === 1 ? 1 : round(1 - spec.dampening)
    for (let i = 0; i < value.length; i++) {
      const p = value[i] as number
      let g = sign * (grad[i] as number)
      if (penalty !== 0) g += penalty * p
      if (buffer !== undefined && momentum !== 0) {
        buffer[i] = keep * (buffer[i] as number) + take * g
        const b = buffer[i] as number
        g = spec.nesterov ? g + momentum * b : b
      }
      value[i] = p - rate * g
    }
  },
}
