import { createScheduler } from '#core/optim/schedulers/create-scheduler'
import type { RateGroups } from '#core/optim/schedulers/scheduler'
import type { OptimizerSpec } from '#core/spec/optimizers'
import type { RunSpec } from '#core/spec/run-spec'
import { intervalOf } from '#core/spec/schedulers'

const mostSteps = 50_000
const mostPoints = 240

/**
 * The rate of the first group over the run, an epoch or (thinned) a batch apiece. Null where it depends on how training
 * goes, or where there are too many batches to walk through.
 */
export function scheduledRates(spec: RunSpec): readonly number[] | null {
  const { optimizer, scheduler, training, dataset } = spec
  if (scheduler === null) return [optimizer.lr, optimizer.lr]
  if (scheduler.type === 'ReduceLROnPlateau') return null
  const images = dataset.trainSize - dataset.valSize
  const batches = Math.ceil(images / (training.batchSize === 'full' ? images : training.batchSize))
  const total = batches * training.epochs
  const positions = intervalOf(scheduler) === 'batch' ? total : training.epochs
  if (positions > mostSteps) return null
  const groups: RateGroups = {
    lrs: [optimizer.lr],
    initialLrs: null,
    momentum: momentumOf(optimizer),
    momentumMoved: false,
  }
  const walker = createScheduler(scheduler, groups, total)
  const every = Math.max(1, Math.floor(positions / mostPoints))
  const rates: number[] = []
  for (let position = 0; position < positions; position++) {
    if (position % every === 0 || position === positions - 1) rates.push(groups.lrs[0] ?? 0)
    if (position < positions - 1) walker.step()
  }
  return rates.length === 1 ? [...rates, ...rates] : rates
}

function momentumOf(optimizer: OptimizerSpec): number | null {
  if ('betas' in optimizer) return optimizer.betas[0]
  return 'momentum' in optimizer ? optimizer.momentum : null
}
