import type { Block } from '../backend'
import type { Loss } from '#core/nn/losses/loss'
import type { BlockPart } from './block-parts'
import { TABLE } from './kernel'
import type { StepScalars } from './step-scalars'

/** A batch, or the piece of one that fits into the activations. */
export interface TableRow {
  /** Step within the block. */
  readonly step: number
  /** Place of its first image among those of the part. */
  readonly first: number
  readonly rows: number
  /** The parameters are updated after it. */
  readonly last: boolean
}

export interface StepTableOptions {
  /** Rows of a piece. */
  readonly capacity: number
  /** Those of the kernels' frame. */
  readonly wordsPerRow: number
  readonly scalars: StepScalars
  readonly loss: Loss
  readonly labels: Uint8Array
  readonly seed: number
  /** Where this run's images and results begin among those of all runs. */
  readonly firstRow: number
  readonly firstMetric: number
  /** The number of the image at a place of `indices`. */
  readonly imageAt: (place: number) => number
  /** What a moving average keeps and takes at the step that follows so many. */
  readonly averaging: (stepsTaken: number) => readonly [keep: number, take: number]
}

/** What kernels read at each step, for consecutive steps of a block. */
export class StepTable {
  readonly rows: readonly TableRow[]
  /** [rows * wordsPerRow] */
  readonly words: Uint32Array
  /** [images * 2] number and label of each image, batch after batch. */
  readonly images: Uint32Array
  private readonly block: Block
  private readonly options: StepTableOptions
  /** Place of the part's first image in `indices`. */
  private readonly start: number
  private readonly floats: Float32Array
  private readonly drawn: Uint8Array
  private filled = 0

  /** Nothing is in it yet: `fill` goes before what reads it. */
  constructor(block: Block, { from, to }: BlockPart, options: StepTableOptions) {
    const endOf = (step: number) => (step < 0 ? 0 : (block.batchEnds[step] ?? 0))
    const start = endOf(from - 1)
    const count = endOf(to - 1) - start
    const rows: TableRow[] = []
    for (let step = from; step < to; step++) {
      const end = endOf(step) - start
      for (let first = endOf(step - 1) - start; first < end; first += options.capacity) {
        const own = Math.min(options.capacity, end - first)
        rows.push({ step, first, rows: own, last: first + own === end })
      }
    }
    this.block = block
    this.options = options
    this.start = start
    this.rows = rows
    this.words = new Uint32Array(rows.length * options.wordsPerRow)
    this.floats = new Float32Array(this.words.buffer)
    this.images = new Uint32Array(count * 2)
    this.drawn = new Uint8Array(count)
  }

  /** Goes on up to row `to` (not included), and takes the optimizer's steps that begin there. */
  fill(to: number): void {
    const { rows, block } = this
    for (; this.filled < to; this.filled++) {
      const row = rows[this.filled]
      if (row === undefined) return
      if (row.first === 0 || rows[this.filled - 1]?.last === true) {
        const end = (block.batchEnds[row.step] ?? 0) - this.start
        this.drawImages(row.first, end)
        this.beginStep(this.filled, row, end)
      } else this.goOn(this.filled, row)
    }
  }

  private drawImages(from: number, to: number): void {
    const { block, images, drawn, start } = this
    const { labels, imageAt } = this.options
    for (let i = from; i < to; i++) {
      const label = labels[block.indices[start + i] ?? 0] ?? 0
      drawn[i] = label
      images[i * 2] = imageAt(start + i)
      images[i * 2 + 1] = label
    }
  }

  private beginStep(i: number, row: TableRow, end: number): void {
    const { block, words, floats, drawn } = this
    const { scalars, loss, averaging, seed, firstRow, firstMetric, wordsPerRow } = this.options
    const at = i * wordsPerRow
    const labels = drawn.subarray(row.first, end)
    const average = averaging(scalars.steps)
    words[at + TABLE.seed] = seed
    words[at + TABLE.firstImage] = firstRow + row.first
    words[at + TABLE.rowCount] = row.rows
    words[at + TABLE.metric] = firstMetric + i
    words[at + TABLE.optimizerStep] = block.firstStep + row.step
    floats[at + TABLE.divisor] = loss.divisor({ kind: 'classes', labels }, labels.length)
    floats[at + TABLE.averageKeep] = average[0]
    floats[at + TABLE.averageTake] = average[1]
    scalars.step(block, row.step, floats, at + TABLE.scalars)
  }

  /** Another piece of the batch of the row before. */
  private goOn(i: number, row: TableRow): void {
    const { words, floats, rows } = this
    const { firstRow, firstMetric, wordsPerRow } = this.options
    const at = i * wordsPerRow
    const before = rows[i - 1]
    words.copyWithin(at, at - wordsPerRow, at)
    words[at + TABLE.firstImage] = firstRow + row.first
    words[at + TABLE.rowCount] = row.rows
    words[at + TABLE.metric] = firstMetric + i
    words[at + TABLE.rowInBatch] =
      (words[at + TABLE.rowInBatch] ?? 0) + row.first - (before?.first ?? 0)
    floats[at + TABLE.accumulate] = 1
  }
}
