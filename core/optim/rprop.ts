import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { rounding, slot, type OptimizerDefinition } from './definition'

/**
 * torch.optim.Rprop: only the sign of the gradient counts. A step that keeps its sign grows by etas[1]; one that changes it
 * shrinks by etas[0], waits a turn and forgets the gradient (no back-tracking). lr is the first step; later values of it are
 * not looked at.
 */
export const rprop: OptimizerDefinition<OptimizerSpecOf<'Rprop'>, readonly [Floats, Floats]> = {
  slots: (spec, shape) => [slot('prev', shape), slot('step_size', shape, spec.lr)],

  update(spec, { value, grad, slots: [previous, stepSizes], lr, step }) {
    const round = rounding(value)
    const [shrink, grow] = [round(spec.etas[0]), round(spec.etas[1])]
    const [smallest, largest] = [round(spec.stepSizes[0]), round(spec.stepSizes[1])]
    const sign = spec.maximize ? -1 : 1
    if (step === 1) stepSizes.fill(lr)
    for (let i = 0; i < value.length; i++) {
      let g = sign * (grad[i] as number)
      const agreement = g * (previous[i] as number)
      const factor = agreement > 0 ? grow : agreement < 0 ? shrink : 1
      stepSizes[i] = Math.min(Math.max((stepSizes[i] as number) * factor, smallest), largest)
      if (agreement < 0) g = 0
      value[i] = (value[i] as number) - Math.sign(g) * (stepSizes[i] as number)
      previous[i] = g
    }
  },
}
