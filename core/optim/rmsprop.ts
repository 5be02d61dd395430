import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { lerp, rounding, slot, type OptimizerDefinition, type Slot } from './definition'

type RmspropSlots = readonly [squareAvg: Floats, ...(Floats | undefined)[]]

/**
 * torch.optim.RMSprop. v = alpha * v + (1 - alpha) * g²; denom = sqrt(v) + eps, eps outside the root (TensorFlow has it inside);
 * centered: sqrt(v - mean(g)²) + eps. With momentum buf = momentum * buf + g / denom and p -= lr * buf.
 */
export const rmsprop: OptimizerDefinition<OptimizerSpecOf<'RMSprop'>, RmspropSlots> = {
  slots(spec, shape) {
    const slots: Slot[] = [slot('square_avg', shape)]
    if (spec.momentum > 0) slots.push(slot('momentum_buffer', shape))
    if (spec.centered) slots.push(slot('grad_avg', shape))
    return slots
  },

  update(spec, { value, grad, slots, lr, weightDecay, momentum: cycled }) {
    const [squares] = slots
    const average = spec.centered ? slots[slots.length - 1] : undefined
    const buffer = slots.length - (spec.centered ? 1 : 0) > 1 ? slots[1] : undefined
    const round = rounding(value)
    const momentum = round(cycled ?? spec.momentum)
    const keep = round(spec.alpha)
    const take = round(1 - spec.alpha)
    const eps = round(spec.eps)
    const penalty = round(weightDecay)
    const rate = round(lr)
    const sign = spec.maximize ? -1 : 1
    for (let i = 0; i < value.length; i++) {
      const p = value[i] as number
      let g = sign * (grad[i] as number)
      if (penalty !== 0) g += penalty * p
      squares[i] = (squares[i] as number) * keep + take * g * g
      let variance = squares[i] as number
      if (average !== undefined) {
        average[i] = lerp(average[i] as number, g, take)
        variance -= (average[i] as number) * (average[i] as number)
      }
      const denom = Math.sqrt(variance) + eps
      if (buffer !== undefined && momentum > 0) {
        buffer[i] = (buffer[i] as number) * momentum + g / denom
        value[i] = p - rate * (buffer[i] as number)
      } else {
        value[i] = p - (rate * g) / denom
      }
    }
  },
}
