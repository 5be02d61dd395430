import type { Backend } from '#core/backend/backend'
import { trainable } from '#core/backend/trainable'
import type { Dataset } from '#core/data/dataset'
import { parameterGroups } from '#core/optim/parameter-groups'
import {
  hasDiverged,
  rangeTestRates,
  type RangeTestPlan,
  type RangeTestPoint,
} from '#core/optim/range-test'
import type { RunSpec } from '#core/spec/run-spec'
import { Mt19937 } from '#core/tensor/mt19937'
import { Cursor } from './cursor'
import { drawParameters, toStateTensor } from './initial-parameters'

/** Steps between two looks at whether the loss has run away. */
const STEPS_AT_ONCE = 10
/** A sweep looks at more rates, not at more images: larger batches are cut to so many. */
const LARGEST_BATCH = 2048

/**
 * The steps of a learning rate range test, in a session of its own: from the spec's first parameters, one batch a rate,
 * until the plan or the loss has come to its end. Groups of other rates keep their ratio to the optimizer's.
 */
export async function sweepRates(
  spec: RunSpec,
  dataset: Dataset,
  backend: Backend,
  plan: RangeTestPlan,
): Promise<readonly RangeTestPoint[]> {
  const short = shortened(spec)
  const generator = new Mt19937(short.training.seed)
  const drawn = drawParameters(short.model, generator)
  const { lr } = short.optimizer
  const ratios = parameterGroups(short.optimizer, drawn.map(trainable)).map((group) =>
    lr > 0 ? group.lr / lr : 1,
  )
  const parameters = new Map(drawn.map(toStateTensor))
  const session = await backend.createSession({ spec: short, dataset, parameters })
  try {
    const cursor = new Cursor(short, generator)
    const rates = rangeTestRates(plan)
    const points: RangeTestPoint[] = []
    while (points.length < rates.length) {
      if (cursor.atEpochEnd) cursor.beginNextEpoch()
      const left = Math.min(rates.length - points.length, cursor.batches - cursor.batch)
      const steps = Math.min(STEPS_AT_ONCE, left)
      const taken = rates.slice(points.length, points.length + steps)
      const { indices, batchEnds } = cursor.stretch(steps)
      const { losses, failure } = await session.run({
        indices,
        batchEnds,
        firstStep: cursor.step,
        epoch: cursor.epoch,
        learningRates: Float64Array.from([...taken].flatMap((rate) => ratios.map((r) => r * rate))),
        momenta: null,
        diagnoseAt: null,
        foldAverage: false,
      })
      cursor.moveBy(steps)
      for (const [i, loss] of losses.entries()) points.push({ lr: taken[i] ?? 0, loss })
      if (failure !== null || hasDiverged(points.map(({ loss }) => loss))) break
    }
    return points.filter(({ loss }) => Number.isFinite(loss))
  } finally {
    await session.dispose()
  }
}

function shortened(spec: RunSpec): RunSpec {
  const { training, dataset } = spec
  const images = dataset.trainSize - dataset.valSize
  const asked = training.batchSize === 'full' ? images : training.batchSize
  return {
    ...spec,
    scheduler: null,
    training: {
      ...training,
      batchSize: Math.min(asked, images, LARGEST_BATCH),
      diagnoseEvery: 0,
      averaging: null,
    },
  }
}
