import type { SchedulerSpecOf } from '#core/spec/schedulers'
import { takeBaseLrs, type RateGroups, type Scheduler, type SchedulerState } from './scheduler'

/** CosineAnnealingWarmRestarts: a cosine over t0 epochs, then one tMult times as long from the base rate, and so on. */
export class WarmRestarts implements Scheduler {
  readonly #spec: SchedulerSpecOf<'CosineAnnealingWarmRestarts'>
  readonly #groups: RateGroups
  readonly #baseLrs: readonly number[]
  #position = -1
  /** Epochs since the last restart, and the length of this cosine: torch's T_cur and T_i. */
  #current = 0
  #length: number

  constructor(spec: SchedulerSpecOf<'CosineAnnealingWarmRestarts'>, groups: RateGroups) {
    this.#spec = spec
    this.#groups = groups
    this.#length = spec.t0
    this.#baseLrs = takeBaseLrs(groups)
    this.begin()
  }

  begin(): void {
    this.step()
  }

  step(): void {
    if (this.#position < 0) {
      this.#position = 0
      this.#current = 0
      this.#length = this.#spec.t0
    } else {
      this.#position += 1
      this.#current += 1
      if (this.#current >= this.#length) {
        this.#current %= this.#length
        this.#length *= this.#spec.tMult
      }
    }
    this.#setRates()
  }

  enter(): void {
    this.#position = 0
    this.#setRates()
  }

  undo(): void {
    this.#position -= 1
  }

  exportState(): SchedulerState {
    const numbers = { position: this.#position, tCur: this.#current, tI: this.#length }
    return { numbers, members: [] }
  }

  importState({ numbers }: SchedulerState): void {
    this.#position = numbers['position'] ?? 0
    this.#current = numbers['tCur'] ?? 0
    this.#length = numbers['tI'] ?? this.#spec.t0
  }

  #setRates(): void {
    const { etaMin } = this.#spec
    const height = 1 + Math.cos((Math.PI * this.#current) / this.#length)
    this.#groups.lrs = this.#baseLrs.map((base) => etaMin + ((base - etaMin) * height) / 2)
  }
}
