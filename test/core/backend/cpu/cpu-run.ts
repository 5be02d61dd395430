import type { Backend, Block, BlockReport, Session, SessionState } from '#core/backend/backend'
import type { Dataset } from '#core/data/dataset'
import { runSpecSchema, type RunSpec, type RunSpecInput } from '#core/spec/run-spec'
import { Mt19937 } from '#core/tensor/mt19937'
import { drawParameters, toStateTensor } from '#core/training/initial-parameters'

/** Random images, `density` of their pixels not zero. */
export function randomDataset(density: number, count = 130, rows = 29, cols = 27): Dataset {
  const generator = new Mt19937(9)
  const images = Uint8Array.from({ length: count * rows * cols }, () =>
    generator.nextUint32() / 2 ** 32 < density ? 1 + (generator.nextUint32() % 255) : 0,
  )
  const labels = Uint8Array.from({ length: count }, () => generator.nextUint32() % 10)
  const set = { images, labels, count, rows, cols, classes: 10 }
  return { name: 'random', train: set, test: set, hash: 'random' }
}

export const specOf = (document: Omit<RunSpecInput, 'version'>): RunSpec =>
  runSpecSchema.parse({ version: 1, ...document })

/** Batches of `size` one after the other, the last one of an epoch ragged. */
export function blockOf(spec: RunSpec, images: number, firstStep: number, steps: number): Block {
  const size = spec.training.batchSize === 'full' ? images : spec.training.batchSize
  const batches = Math.ceil(images / size)
  const indices: number[] = []
  const batchEnds: number[] = []
  for (let step = firstStep; step < firstStep + steps; step++) {
    const from = (step % batches) * size
    for (let i = from; i < Math.min(images, from + size); i++) indices.push(i)
    batchEnds.push(indices.length)
  }
  return {
    indices: Uint32Array.from(indices),
    batchEnds: Uint32Array.from(batchEnds),
    firstStep,
    epoch: 0,
    learningRates: new Float64Array(steps).fill(spec.optimizer.lr),
    momenta: null,
    diagnoseAt: null,
    foldAverage: false,
  }
}

export function sessionOf(backend: Backend, spec: RunSpec, dataset: Dataset): Promise<Session> {
  const drawn = drawParameters(spec.model, new Mt19937(spec.training.seed))
  return backend.createSession({ spec, dataset, parameters: new Map(drawn.map(toStateTensor)) })
}

/** Trains in blocks of `size` steps; returns the last block's report and the state. */
export async function trained(
  backend: Backend,
  spec: RunSpec,
  dataset: Dataset,
  steps: number,
  size = steps,
): Promise<{
  readonly losses: number[]
  readonly state: SessionState
  readonly last: BlockReport
}> {
  const session = await sessionOf(backend, spec, dataset)
  const losses: number[] = []
  let last: BlockReport | null = null
  for (let done = 0; done < steps; done += size) {
    last = await session.run(blockOf(spec, dataset.train.count, done, Math.min(size, steps - done)))
    losses.push(...last.losses)
  }
  const state = await session.exportState()
  await session.dispose()
  if (last === null) throw new RangeError('no steps')
  return { losses, state, last }
}

/** The bytes of every tensor, to compare two states bit for bit. */
export function bytesOf(state: SessionState): Record<string, string> {
  return Object.fromEntries(
    [...state.tensors].map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
    ]),
  )
}

export const withoutDrift: RunSpecInput['model'] = {
  layers: [
    { type: 'Linear', outFeatures: 41 },
    { type: 'ReLU' },
    { type: 'Linear', outFeatures: 23 },
    { type: 'Tanh' },
    { type: 'Linear', outFeatures: 10 },
  ],
  inFeatures: 783,
}

export const withBlock: RunSpecInput['model'] = {
  layers: [
    { type: 'Linear', outFeatures: 41 },
    { type: 'Sigmoid' },
    {
      type: 'Residual',
      layers: [
        { type: 'Linear', outFeatures: 41 },
        { type: 'LeakyReLU' },
        { type: 'Dropout', p: 0.3 },
        { type: 'Linear', outFeatures: 41 },
      ],
    },
    { type: 'GELU' },
    { type: 'Linear', outFeatures: 10 },
  ],
  inFeatures: 783,
}
