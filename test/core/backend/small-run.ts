/* Runs on the small dataset, block by block. */
import type { Backend, Block, Session } from '#core/backend/backend'
import { trainable } from '#core/backend/trainable'
import { buildNetwork } from '#core/nn/build-network'
import { baseMomentumOf } from '#core/optim/momentum'
import { parameterGroups } from '#core/optim/parameter-groups'
import { createSchedule } from '#core/optim/schedule'
import type { RunSpec } from '#core/spec/run-spec'
import { Mt19937 } from '#core/tensor/mt19937'
import { drawParameters, toStateTensor } from '#core/training/initial-parameters'
import { smallDataset } from './small-dataset'

export const dataset = smallDataset()

/** Batches of 13, the last one ragged: 300 = 23 * 13 + 1. Rates and momenta are those of the spec's scheduler over two epochs. */
export function blockOf(spec: RunSpec, firstStep: number, steps: number): Block {
  const size = spec.training.batchSize === 'full' ? 300 : spec.training.batchSize
  const batches = Math.ceil(300 / size)
  const { optimizer, scheduler } = spec
  const schedule = createSchedule(scheduler, {
    baseLrs: baseLrsOf(spec),
    baseMomentum: baseMomentumOf(optimizer),
    epochs: 2,
    stepsPerEpoch: batches,
  })
  const indices: number[] = []
  const batchEnds: number[] = []
  const learningRates: number[] = []
  const momenta: (number | null)[] = []
  for (let step = 0; step < firstStep + steps; step++) {
    if (step >= firstStep) {
      const { lrs, momentum } = schedule.rates()
      learningRates.push(...lrs)
      momenta.push(momentum)
      const from = (step % batches) * size
      for (let i = from; i < Math.min(300, from + size); i++) indices.push((i * 7) % 300)
      batchEnds.push(indices.length)
    }
    schedule.onBatch()
  }
  return {
    indices: Uint32Array.from(indices),
    batchEnds: Uint32Array.from(batchEnds),
    firstStep,
    epoch: 0,
    learningRates: Float64Array.from(learningRates),
    momenta: momenta.includes(null)
      ? null
      : Float64Array.from(momenta, (momentum) => momentum ?? 0),
    diagnoseAt: null,
    foldAverage: false,
  }
}

function baseLrsOf({ model, optimizer }: RunSpec): readonly number[] {
  const { parameters } = buildNetwork(model, (length) => new Float32Array(length))
  return parameterGroups(optimizer, parameters.map(trainable)).map(({ lr }) => lr)
}

export function setupOf(spec: RunSpec) {
  const drawn = drawParameters(spec.model, new Mt19937(spec.training.seed))
  return { spec, dataset, parameters: new Map(drawn.map(toStateTensor)) }
}

export function sessionOf(backend: Backend, spec: RunSpec): Promise<Session> {
  return backend.createSession(setupOf(spec))
}

/** Losses of `steps` steps in blocks of `size`, and what is left at the end. */
export async function train(backend: Backend, spec: RunSpec, steps: number, size = steps) {
  const session = await sessionOf(backend, spec)
  const losses: number[] = []
  for (let done = 0; done < steps; done += size) {
    const report = await session.run(blockOf(spec, done, Math.min(size, steps - done)))
    losses.push(...report.losses)
  }
  const state = await session.exportState()
  await session.dispose()
  return { losses, state }
}
