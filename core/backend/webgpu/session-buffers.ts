import type { Dataset, ImageSet } from '#core/data/dataset'
import type { MemoryName } from '../device-problem'
import { CONTROL_WORDS, NOT_FAILING } from './kernel'
import type { BoundBuffers, Gpu } from './gpu'
import { BUFFER_USAGE } from './gpu-flags'

export interface BufferSizes {
  readonly runs: number
  /** Floats of one run's arena. */
  readonly arena: number
  readonly features: number
  /** Images from outside the data set that there is room for: drawings, distorted copies. */
  readonly guests: number
  /** Rows of the table for each run, and their words. */
  readonly tableRows: number
  readonly tableWords: number
  /** Image rows of all runs. */
  readonly imageRows: number
}

/** The GPU's memory of a session. Images are numbered: those to train on, those of the test set, guests. */
export class SessionBuffers implements BoundBuffers {
  readonly firstTest: number
  readonly firstGuest: number
  readonly bindGroup: GPUBindGroup
  private readonly imageWords: number
  private readonly all: readonly GPUBuffer[]

  static async create(gpu: Gpu, dataset: Dataset, sizes: BufferSizes): Promise<SessionBuffers> {
    const { runs, arena, features, guests, tableRows, tableWords, imageRows } = sizes
    const images = dataset.train.count + dataset.test.count + guests
    const storage = BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_DST
    const both = storage | BUFFER_USAGE.COPY_SRC
    const made: GPUBuffer[] = []
    const make = async (label: MemoryName, size: number, usage: number) => {
      const buffer = await gpu.createBuffer(label, size, usage)
      made.push(buffer)
      return buffer
    }
    try {
      const buffers = {
        arena: await make('arena', runs * arena * 4, both),
        images: await make('images', images * Math.ceil(features / 4) * 4, storage),
        table: await make('table', runs * tableRows * tableWords * 4, storage),
        rows: await make('order', imageRows * 8, storage),
        metrics: await make('losses', runs * tableRows * 8, both),
        control: await make('counters', runs * CONTROL_WORDS * 4, both),
      }
      return new SessionBuffers(gpu, dataset, features, buffers)
    } catch (error) {
      for (const buffer of made) buffer.destroy()
      throw error
    }
  }

  readonly arena: GPUBuffer
  readonly images: GPUBuffer
  readonly table: GPUBuffer
  readonly rows: GPUBuffer
  readonly metrics: GPUBuffer
  readonly control: GPUBuffer
  private readonly queue: GPUQueue
  private readonly features: number

  private constructor(gpu: Gpu, { train, test }: Dataset, features: number, buffers: BoundBuffers) {
    this.arena = buffers.arena
    this.images = buffers.images
    this.table = buffers.table
    this.rows = buffers.rows
    this.metrics = buffers.metrics
    this.control = buffers.control
    this.all = Object.values(buffers) as GPUBuffer[]
    this.queue = gpu.device.queue
    this.features = features
    this.imageWords = Math.ceil(features / 4)
    this.firstTest = train.count
    this.firstGuest = train.count + test.count
    this.bindGroup = gpu.bind(buffers)
    this.writeSet(train, 0)
    this.writeSet(test, this.firstTest)
  }

  /** pixels [count, features] */
  writeImages(pixels: Uint8Array, count: number, first: number): void {
    const { features, imageWords, queue } = this
    const bytes = imageWords * 4
    if (bytes === features) {
      // A slice lies in memory of its own: Dawn in Node crashes where it is given shared memory.
      queue.writeBuffer(this.images, first * bytes, pixels.slice(0, count * bytes))
      return
    }
    const spaced = new Uint8Array(count * bytes)
    for (let i = 0; i < count; i++)
      spaced.set(pixels.subarray(i * features, (i + 1) * features), i * bytes)
    queue.writeBuffer(this.images, first * bytes, spaced)
  }

  /** Begins a new count of steps: nothing has failed. Runs that take no part write nothing. */
  resetControl(takesPart: readonly boolean[]): void {
    const words = new Uint32Array(takesPart.length * CONTROL_WORDS)
    takesPart.forEach((part, run) => {
      // A run at step 1 whose step 0 failed is dead.
      words.set(part ? [0, 0, NOT_FAILING, 0] : [1, 1, 0, 0], run * CONTROL_WORDS)
    })
    this.queue.writeBuffer(this.control, 0, words)
  }

  destroy(): void {
    for (const buffer of this.all) buffer.destroy()
  }

  private writeSet({ images, count }: ImageSet, first: number): void {
    const piece = 10_000
    for (let from = 0; from < count; from += piece)
      this.writeImages(
        images.subarray(from * this.features),
        Math.min(piece, count - from),
        first + from,
      )
  }
}
