import type { Backend, Block, Session } from '#core/backend/backend'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import type { Dataset } from '#core/data/dataset'
import { runSpecSchema, type RunSpec, type RunSpecInput } from '#core/spec/run-spec'
import { Mt19937 } from '#core/tensor/mt19937'
import { randperm } from '#core/tensor/torch-random'
import { drawParameters, toStateTensor } from '#core/training/initial-parameters'
import { spawnKernelThread } from '../../../electron/trainer/spawn-kernel-thread'
import type { Bench, Section } from '../section'

const BATCH = 64
/** A look into the layers comes once in so many steps by default. */
const LOOK_EVERY = 100
const PREDICTIONS = 500

type Layers = RunSpecInput['model']['layers']

const layersOf = (activation: 'ReLU' | 'Sigmoid', ...widths: readonly number[]): Layers =>
  widths.flatMap((outFeatures, i) => [
    ...(i > 0 ? [{ type: activation }] : []),
    { type: 'Linear' as const, outFeatures },
  ])

const starter = layersOf('ReLU', 128, 10)
const affine = { shift: 1, rotate: 7.5, scale: 0.1, shear: 5 }
/** The same images: what distortion itself costs. Real ones have a third more pixels that are not zero, which costs as well. */
const distortions = [
  ['none', null],
  ['affine, all bounds 0', {}],
  ['elastic, alpha 0', { elastic: { alpha: 0 } }],
  ['affine', affine],
  ['elastic', { ...affine, elastic: {} }],
] as const

const lookedAt: readonly (readonly [string, Layers])[] = [
  ['784-128-10', starter],
  ['ten sigmoid layers', layersOf('Sigmoid', ...Array.from({ length: 10 }, () => 64), 10)],
  ['784-512-256-10', layersOf('ReLU', 512, 256, 10)],
]

interface ExtraRow {
  readonly what: string
  readonly threads: number
  readonly milliseconds: number
  /** Share of the same training without it; null where there is none. */
  readonly cost: number | null
}

/** What is done beside plain training: distorting images, looking into the layers, answering a drawing. */
export const extrasSection: Section = {
  name: 'extras',
  options: { extras: { type: 'boolean' } },
  async run(bench) {
    const rows: ExtraRow[] = []
    for (const threads of bench.threadCounts) {
      const spawnThread = () => spawnKernelThread(new URL('kernel-thread.js', bench.bundle))
      const { relaxedSimd } = bench
      const backend = await createCpuBackend({ threads, relaxedSimd, spawnThread })
      rows.push(...(await distortionRows(bench, backend, threads)))
      for (const [name, layers] of lookedAt)
        rows.push(await lookRow(bench, backend, threads, name, layers))
      rows.push(await predictionRow(bench, backend, threads))
    }
    return { extras: rows }
  },
}

/** An epoch of the starter with each distortion, in turn. */
async function distortionRows(bench: Bench, backend: Backend, threads: number) {
  const runs = await Promise.all(
    distortions.map(async ([name, augment]) => {
      const spec = specOf(starter, augment)
      return { name, trainee: await Trainee.open(backend, bench.dataset, spec), times: [0] }
    }),
  )
  const steps = Math.floor(bench.dataset.train.count / BATCH)
  for (let repeat = -1; repeat < bench.repeats; repeat++)
    for (const run of runs) {
      const time = await run.trainee.train(steps, null)
      if (repeat === -1) run.times.length = 0
      else run.times.push(time)
    }
  const plain = median(runs[0]?.times ?? [])
  for (const { trainee } of runs) await trainee.session.dispose()
  return runs.map(({ name, times }) =>
    row(bench, `epoch of 784-128-10, distortion ${name}`, threads, median(times), plain),
  )
}

async function lookRow(
  bench: Bench,
  backend: Backend,
  threads: number,
  name: string,
  layers: Layers,
): Promise<ExtraRow> {
  const trainee = await Trainee.open(backend, bench.dataset, specOf(layers, null))
  const plain: number[] = []
  const looked: number[] = []
  for (let repeat = -5; repeat < 5 * bench.repeats; repeat++) {
    const times = [
      await trainee.train(LOOK_EVERY, null),
      await trainee.train(LOOK_EVERY, LOOK_EVERY - 1),
    ] as const
    if (repeat < 0) continue
    plain.push(times[0])
    looked.push(times[1])
  }
  await trainee.session.dispose()
  const what = `${LOOK_EVERY} steps of ${name} with a look into the layers`
  return row(bench, what, threads, median(looked), median(plain))
}

async function predictionRow(bench: Bench, backend: Backend, threads: number): Promise<ExtraRow> {
  const { session } = await Trainee.open(backend, bench.dataset, specOf(starter, null))
  const pixels = bench.dataset.test.images.slice(0, 784)
  const times: number[] = []
  for (let i = 0; i < PREDICTIONS; i++) {
    const begun = performance.now()
    await session.predict({ pixels, count: 1, activations: true })
    times.push(performance.now() - begun)
  }
  await session.dispose()
  return row(bench, 'one drawing, activations included', threads, median(times), null)
}

/** A session that is trained in blocks, epoch after epoch. */
class Trainee {
  readonly session: Session
  private readonly lr: number
  private readonly order: Uint32Array
  private step = 0

  static async open(backend: Backend, dataset: Dataset, spec: RunSpec): Promise<Trainee> {
    const parameters = new Map(drawParameters(spec.model, new Mt19937(0)).map(toStateTensor))
    const session = await backend.createSession({ spec, dataset, parameters })
    return new Trainee(session, spec.optimizer.lr, randperm(dataset.train.count, new Mt19937(0)))
  }

  private constructor(session: Session, lr: number, order: Uint32Array) {
    this.session = session
    this.lr = lr
    this.order = order
  }

  /** Milliseconds of `steps` steps. */
  async train(steps: number, diagnoseAt: number | null): Promise<number> {
    const { order, step } = this
    const block: Block = {
      indices: Uint32Array.from(
        { length: steps * BATCH },
        (_, i) => order[(step * BATCH + i) % order.length] ?? 0,
      ),
      batchEnds: Uint32Array.from({ length: steps }, (_, i) => (i + 1) * BATCH),
      firstStep: step,
      epoch: Math.floor((step * BATCH) / order.length),
      learningRates: new Float64Array(steps).fill(this.lr),
      momenta: null,
      diagnoseAt,
      foldAverage: false,
    }
    this.step += steps
    const begun = performance.now()
    await this.session.run(block)
    return performance.now() - begun
  }
}

function specOf(layers: Layers, augment: object | null): RunSpec {
  return runSpecSchema.parse({
    version: 1,
    dataset: { augment },
    model: { layers },
    optimizer: { type: 'Adam' },
    training: { batchSize: BATCH, diagnoseEvery: LOOK_EVERY },
  })
}

function row(
  bench: Bench,
  what: string,
  threads: number,
  milliseconds: number,
  plain: number | null,
): ExtraRow {
  const cost = plain === null ? null : milliseconds / plain - 1
  const share = cost === null ? '' : `, ${(100 * cost).toFixed(1)} % more than without`
  const unit = threads === 1 ? 'thread' : 'threads'
  bench.print(`${what}, ${threads} ${unit}: ${milliseconds.toFixed(2)} ms${share}`)
  return { what, threads, milliseconds, cost }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
