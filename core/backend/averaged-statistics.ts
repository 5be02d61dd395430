import { BatchNorm1d } from '#core/nn/modules/batch-norm1d'
import type { Network } from '#core/nn/network'
import {
  checkTensors,
  exportTensors,
  importTensors,
  type OptimState,
  type StateTarget,
} from '#core/optim/state'
import type { Floats, MakeFloats } from '#core/tensor/floats'
import type { TrainingBatches } from './backend'

export interface ShownBatch {
  readonly indices: Uint32Array
  readonly step: number
  readonly epoch: number
}

/** Sends a batch of training images through the net in training mode, without a gradient. */
export type ShowBatch = (batch: ShownBatch) => void

interface Statistic {
  readonly name: string
  readonly shape: readonly number[]
  readonly value: Floats
  /** What the averaged net has in its place. */
  readonly data: Floats
}

/**
 * The running statistics of the averaged net, which are not averages of the trained net's: after an average changed they are
 * computed anew from the training images, as torch.optim.swa_utils.update_bn does.
 */
export class AveragedStatistics {
  readonly #norms: readonly BatchNorm1d[]
  readonly #statistics: readonly Statistic[]
  /** How many values the averages held when these were computed; null: never computed. */
  #computedAt: number | null = null

  constructor(network: Network, make: MakeFloats) {
    this.#norms = network.layers.filter((layer) => layer instanceof BatchNorm1d)
    this.#statistics = network.buffers.map(({ name, shape, value }) => {
      const data = make(value.length)
      data.set(value)
      return { name, shape, value, data }
    })
  }

  /**
   * Does `work` with these in the place of the trained net's, while averages that hold `taken` values are in the place of its
   * parameters. Older ones are computed anew over `batches`; without batches `work` sees the trained net's.
   */
  during<T>(
    taken: number,
    work: () => T,
    batches: TrainingBatches | undefined,
    show: ShowBatch,
  ): T {
    const fresh = this.#statistics.length === 0 || this.#computedAt === taken
    if (!fresh && batches === undefined) return work()
    this.#swap()
    try {
      if (!fresh && batches !== undefined) this.#compute(taken, batches, show)
      return work()
    } finally {
      this.#swap()
    }
  }

  /** As "averaged.1.running_mean"; nothing where they are not those of averages that hold `taken` values. */
  exportState(taken: number): OptimState['tensors'] {
    return this.#computedAt === taken ? exportTensors(this.#averaged()) : new Map()
  }

  /** Takes a state that has them all, as of averages that hold `taken` values, or none of them: other devices keep none. */
  importState(tensors: OptimState['tensors'], taken: number): void {
    this.#computedAt = null
    const targets = this.#averaged()
    const state = {
      tensors: new Map(targets.flatMap(({ name }) => entryOf(tensors, name))),
      numbers: {},
    }
    if (state.tensors.size === 0) return
    checkTensors(state, targets)
    importTensors(state, targets)
    this.#computedAt = taken
  }

  has(name: string): boolean {
    return this.#statistics.some((statistic) => statistic.name === name)
  }

  /** Each becomes the mean over all batches, whatever momentum says. */
  #compute(
    taken: number,
    { indices, batchEnds, firstStep, epoch }: TrainingBatches,
    show: ShowBatch,
  ): void {
    for (const norm of this.#norms) norm.beginCumulative()
    try {
      batchEnds.forEach((end, i) => {
        const batch = indices.subarray(i === 0 ? 0 : batchEnds[i - 1], end)
        show({ indices: batch, step: firstStep + i, epoch })
      })
    } finally {
      for (const norm of this.#norms) norm.endCumulative()
    }
    this.#computedAt = taken
  }

  /** Exchanges them and the trained net's. */
  #swap(): void {
    for (const { value, data } of this.#statistics) {
      const present = value.slice()
      value.set(data)
      data.set(present)
    }
  }

  #averaged(): readonly StateTarget[] {
    return this.#statistics.map(({ name, shape, data }) => ({
      name: `averaged.${name}`,
      shape,
      data,
    }))
  }
}

function entryOf<T>(map: ReadonlyMap<string, T>, name: string): readonly (readonly [string, T])[] {
  const value = map.get(name)
  return value === undefined ? [] : [[name, value]]
}
