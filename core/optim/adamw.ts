import type { OptimizerSpecOf } from '#core/spec/optimizers'
import { adamSlots, updateAdam } from './adam'
import type { OptimizerDefinition, Update } from './definition'

type AdamSlots = Parameters<typeof updateAdam>[1] extends Update<infer K> ? K : never

/** torch.optim.AdamW: Adam whose weight decay is decoupled, p *= 1 - lr * weightDecay before the step. */
export const adamW: OptimizerDefinition<OptimizerSpecOf<'AdamW'>, AdamSlots> = {
  slots: adamSlots,
  update: (spec, at) => {
    updateAdam(spec, at, true)
  },
}
