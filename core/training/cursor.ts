import type { TrainingBatches } from '#core/backend/backend'
import { batchEndsOf, drawEpochOrder } from '#core/data/batch-order'
import { randomSplit } from '#core/data/split'
import type { RunSpec } from '#core/spec/run-spec'
import type { Mt19937 } from '#core/tensor/mt19937'
import { loadGenerator, saveGenerator, type RunPosition, type SavedGenerator } from './checkpoint'

/** Consecutive batches of one epoch. */
export interface Stretch {
  /** Images of the training set, batch after batch. */
  readonly indices: Uint32Array
  /** [batches] where each batch ends in `indices`. */
  readonly batchEnds: Uint32Array
  /** [batches] */
  readonly sizes: readonly number[]
}

/**
 * Where a run stands among its epochs and batches, and the order of its images: the one of
 * DataLoader(random_split(...)[0], shuffle=True) under the default generator.
 */
export class Cursor {
  /** Epochs completed. */
  epoch = 0
  /** Batches completed in the present epoch. */
  batch = 0
  /** Optimizer steps taken. */
  step = 0
  readonly train: Uint32Array
  readonly val: Uint32Array
  /** [batches] where each batch of an epoch ends in its order. */
  private readonly batchEnds: Uint32Array
  private readonly shuffle: boolean
  private generator: Mt19937
  private epochStart: SavedGenerator
  private order: Uint32Array | null = null

  constructor(spec: RunSpec, generator: Mt19937) {
    const { trainSize, valSize } = spec.dataset
    const { seed, batchSize, dropLast, shuffle } = spec.training
    const { train, val } = randomSplit(trainSize, valSize, seed)
    this.train = train
    this.val = val
    this.batchEnds = batchEndsOf(train.length, batchSize, dropLast)
    this.shuffle = shuffle
    this.generator = generator
    this.epochStart = saveGenerator(generator)
  }

  get batches(): number {
    return this.batchEnds.length
  }

  get atEpochEnd(): boolean {
    return this.batch === this.batches
  }

  /** The next `count` batches; the caller keeps within the epoch. */
  stretch(count: number): Stretch {
    const order = this.presentOrder()
    const from = this.batch === 0 ? 0 : (this.batchEnds[this.batch - 1] ?? 0)
    const batchEnds = this.batchEnds.slice(this.batch, this.batch + count).map((end) => end - from)
    return {
      indices: order.slice(from, from + (batchEnds.at(-1) ?? 0)),
      batchEnds,
      sizes: Array.from(batchEnds, (end, i) => end - (batchEnds[i - 1] ?? 0)),
    }
  }

  /** All training images in their own order, in the batches of an epoch: what update_bn looks at. */
  wholeEpoch(): TrainingBatches {
    const { train, batchEnds, step, epoch } = this
    return { indices: train.slice(0, batchEnds.at(-1) ?? 0), batchEnds, firstStep: step, epoch }
  }

  moveBy(batches: number): void {
    this.batch += batches
    this.step += batches
  }

  beginNextEpoch(): void {
    this.epoch += 1
    this.batch = 0
    this.order = null
    this.epochStart = saveGenerator(this.generator)
  }

  save(): Pick<RunPosition, 'epoch' | 'batch' | 'step' | 'generator'> {
    return { epoch: this.epoch, batch: this.batch, step: this.step, generator: this.epochStart }
  }

  restore(position: RunPosition): void {
    this.epoch = position.epoch
    this.batch = position.batch
    this.step = position.step
    this.generator = loadGenerator(position.generator)
    this.epochStart = position.generator
    this.order = null
  }

  private presentOrder(): Uint32Array {
    this.order ??= drawEpochOrder(this.train.length, this.shuffle, this.generator).map(
      (position) => this.train[position] ?? 0,
    )
    return this.order
  }
}
