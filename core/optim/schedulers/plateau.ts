import type { SchedulerSpecOf } from '#core/spec/schedulers'
import type { RateGroups, Scheduler, SchedulerState } from './scheduler'

/**
 * ReduceLROnPlateau: multiplies the rates by factor after more than `patience` epochs in a row without a better metric. Better is
 * measured against a threshold; during cooldown no epoch counts as bad; cuts smaller than eps are not made.
 */
export class Plateau implements Scheduler {
  readonly #spec: SchedulerSpecOf<'ReduceLROnPlateau'>
  readonly #groups: RateGroups
  #best: number | null = null
  #badEpochs = 0
  #cooldown = 0

  constructor(spec: SchedulerSpecOf<'ReduceLROnPlateau'>, groups: RateGroups) {
    this.#spec = spec
    this.#groups = groups
  }

  step(metric?: number): void {
    if (metric === undefined) {
      throw new TypeError(
        `ReduceLROnPlateau needs ${this.#spec.monitor} after each epoch, got none`,
      )
    }
    if (this.#isBetter(metric)) {
      this.#best = metric
      this.#badEpochs = 0
    } else {
      this.#badEpochs += 1
    }
    if (this.#cooldown > 0) {
      this.#cooldown -= 1
      this.#badEpochs = 0
    }
    if (this.#badEpochs > this.#spec.patience) {
      this.#reduce()
      this.#cooldown = this.#spec.cooldown
      this.#badEpochs = 0
    }
  }

  begin(): void {
    throw new TypeError('ReduceLROnPlateau cannot stand inside another scheduler')
  }

  enter(): void {
    this.begin()
  }

  undo(): void {
    this.begin()
  }

  exportState(): SchedulerState {
    const numbers = { best: this.#best, badEpochs: this.#badEpochs, cooldown: this.#cooldown }
    return { numbers, members: [] }
  }

  importState({ numbers }: SchedulerState): void {
    this.#best = numbers['best'] ?? null
    this.#badEpochs = numbers['badEpochs'] ?? 0
    this.#cooldown = numbers['cooldown'] ?? 0
  }

  #reduce(): void {
    const { factor, minLr, eps } = this.#spec
    this.#groups.lrs = this.#groups.lrs.map((lr) => {
      const next = Math.max(lr * factor, minLr)
      return lr - next > eps ? next : lr
    })
  }

  #isBetter(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.#spec
    const best = this.#best ?? (mode === 'min' ? Infinity : -Infinity)
    if (mode === 'min') {
      return metric < (thresholdMode === 'rel' ? best * (1 - threshold) : best - threshold)
    }
    return metric > (thresholdMode === 'rel' ? best * (threshold + 1) : best + threshold)
  }
}
