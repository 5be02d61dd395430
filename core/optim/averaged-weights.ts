import type { AveragingSpec } from '#core/spec/training'
import type { Floats, MakeFloats } from '#core/tensor/floats'
import {
  checkTensors,
  exportTensors,
  importTensors,
  OptimStateError,
  type OptimState,
} from './state'

/** A tensor whose values are averaged. */
export interface AveragedSource {
  readonly name: string
  readonly shape: readonly number[]
  readonly value: Floats
}

interface Average extends AveragedSource {
  readonly data: Floats
}

/**
 * torch.optim.swa_utils.AveragedModel over the parameters, buffers not included: with SWA the mean of all values taken in, with EMA
 * decay * average + (1 - decay) * value. The first update copies. Call update() after each optimizer step (EMA), or at the end of
 * each epoch from startEpoch on (SWA); batch norm statistics of an average are computed anew (core/backend/averaged-statistics.ts).
 */
export class AveragedWeights {
  readonly #averages: readonly Average[]
  readonly #decay: number | null
  #taken = 0

  constructor(spec: AveragingSpec, sources: readonly AveragedSource[], make: MakeFloats) {
    this.#decay = spec.type === 'EMA' ? spec.decay : null
    this.#averages = sources.map((source) => ({ ...source, data: make(source.value.length) }))
  }

  /** How often values were taken in: torch's n_averaged. */
  get taken(): number {
    return this.#taken
  }

  /** Takes in the sources' present values. */
  update(): void {
    const fresh = 1 / (this.#taken + 1)
    for (const { data, value } of this.#averages) {
      if (this.#taken === 0) data.set(value)
      else if (this.#decay === null) moveTowards(data, value, fresh)
      else mix(data, value, this.#decay)
    }
    this.#taken += 1
  }

  /** Exchanges averages and present values. Calling it twice leaves everything as it was. */
  swap(): void {
    for (const { data, value } of this.#averages) {
      for (let i = 0; i < value.length; i++) {
        const present = value[i] as number
        value[i] = data[i] as number
        data[i] = present
      }
    }
  }

  /** Tensors under their parameters' names, number "n_averaged". */
  exportState(): OptimState {
    return { tensors: exportTensors(this.#averages), numbers: { n_averaged: this.#taken } }
  }

  /** Throws OptimStateError, and changes nothing, where the state is that of another model. */
  importState(state: OptimState): void {
    checkTensors(state, this.#averages)
    const taken = state.numbers['n_averaged']
    if (taken === undefined) throw new OptimStateError('the state lacks the number "n_averaged"')
    importTensors(state, this.#averages)
    this.#taken = taken
  }
}

/** average += (value - average) * fresh */
function moveTowards(average: Floats, value: Floats, fresh: number): void {
  for (let i = 0; i < average.length; i++) {
    const a = average[i] as number
    average[i] = a + ((value[i] as number) - a) * fresh
  }
}

/** average = decay * average + (1 - decay) * value */
function mix(average: Floats, value: Floats, decay: number): void {
  for (let i = 0; i < average.length; i++) {
    average[i] = decay * (average[i] as number) + (1 - decay) * (value[i] as number)
  }
}
