import type { Block } from '../backend'
import type { Loss } from '#core/nn/losses/loss'
import type { BlockPart } from './block-parts'
import { TABLE } from './kernel'
import type { StepScalars } from './step-scalars'

/** A batch, or the piece of one that fits into the activations. */
export interface TableRow {
  /** Step within the block. */
  readonly step: number
  readonly rows: number
  /** The parameters are updated after it. */
  readonly last: boolean
}

/** What kernels read at each step, for consecutive steps of a block. */
export class StepTable {
  readonly rows: readonly TableRow[]
  readonly words: Uint32Array
  /** [images * 2] number and label of each image, batch after batch. */
  readonly images: Uint32Array

  /** capacity: rows of a piece; wordsPerRow: those of the kernels' frame; imageAt: the number of the image at a place of `indices`. */
  constructor(
    block: Block,
    { from, to }: BlockPart,
    options: {
      readonly capacity: number
      readonly wordsPerRow: number
      readonly scalars: StepScalars
      readonly loss: Loss
      readonly labels: Uint8Array
      readonly seed: number
      /** Where this run's images and results begin among those of all runs. */
      readonly firstRow: number
      readonly firstMetric: number
      readonly imageAt: (place: number) => number
      /** What a moving average keeps and takes at the step that follows so many. */
      readonly averaging: (stepsTaken: number) => readonly [keep: number, take: number]
    },
  ) {
    const {
      capacity,
      wordsPerRow,
      scalars,
      loss,
      labels,
      firstRow,
      firstMetric,
      seed,
      imageAt,
      averaging,
    } = options
    const start = from === 0 ? 0 : (block.batchEnds[from - 1] ?? 0)
    const end = block.batchEnds[to - 1] ?? 0
    const groups = block.learningRates.length / block.batchEnds.length
    const pieces: TableRow[] = []
    this.images = new Uint32Array((end - start) * 2)
    const drawn = new Uint8Array(end - start)
    for (let place = start; place < end; place++) {
      const label = labels[block.indices[place] ?? 0] ?? 0
      drawn[place - start] = label
      this.images[(place - start) * 2] = imageAt(place)
      this.images[(place - start) * 2 + 1] = label
    }
    const firsts: number[] = []
    const ofStep = (step: number) => (step === 0 ? 0 : (block.batchEnds[step - 1] ?? 0)) - start
    for (let step = from; step < to; step++) {
      const first = ofStep(step)
      const last = ofStep(step + 1)
      for (let row = first; row < last; row += capacity) {
        firsts.push(row)
        const rows = Math.min(capacity, last - row)
        pieces.push({ step, rows, last: row + rows === last })
      }
    }
    this.rows = pieces
    this.words = new Uint32Array(pieces.length * wordsPerRow)
    const floats = new Float32Array(this.words.buffer)
    let step = -1
    let divisor = 1
    let own = new Float32Array(scalars.length)
    let average: readonly [number, number] = [0, 1]
    pieces.forEach((piece, i) => {
      const first = firsts[i] ?? 0
      const fresh = piece.step !== step
      if (fresh) {
        step = piece.step
        const batch = drawn.subarray(first, ofStep(step + 1))
        divisor = loss.divisor({ kind: 'classes', labels: batch }, batch.length)
        average = averaging(scalars.steps)
        own = new Float32Array(scalars.length)
        const lrs = block.learningRates.subarray(step * groups, (step + 1) * groups)
        scalars.step(lrs, block.momenta?.[step] ?? null, own, 0)
      }
      const at = i * wordsPerRow
      this.words[at + TABLE.seed] = seed
      this.words[at + TABLE.firstImage] = firstRow + first
      this.words[at + TABLE.rowCount] = piece.rows
      this.words[at + TABLE.metric] = firstMetric + i
      this.words[at + TABLE.optimizerStep] = block.firstStep + step
      floats[at + TABLE.divisor] = divisor
      floats[at + TABLE.accumulate] = fresh ? 0 : 1
      this.words[at + TABLE.rowInBatch] = first - ofStep(step)
      floats[at + TABLE.averageKeep] = average[0]
      floats[at + TABLE.averageTake] = average[1]
      floats.set(own, at + TABLE.scalars)
    })
  }
}
