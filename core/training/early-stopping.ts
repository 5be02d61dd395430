import type { RunSpec } from '#core/spec/run-spec'
import type { EarlyStoppingSpec, Monitor } from '#core/spec/training'
import type { BestEpoch, RunPosition } from './checkpoint'
import type { EpochRecord } from './run-state'

/** Watches one value of each epoch: knows the best epoch, and when to stop waiting for a better one. */
export class EpochWatch {
  /** What is watched: what early stopping asks for, else the validation loss, else the training loss. */
  readonly monitor: Monitor
  private readonly earlyStopping: EarlyStoppingSpec | null
  private best: BestEpoch | null = null
  /** Epochs since the watched value last became better. */
  private badEpochs = 0

  constructor(spec: RunSpec) {
    this.earlyStopping = spec.training.earlyStopping
    this.monitor =
      this.earlyStopping?.monitor ?? (spec.dataset.valSize > 0 ? 'valLoss' : 'trainLoss')
  }

  get bestEpoch(): number | null {
    return this.best?.epoch ?? null
  }

  /** As Keras counts: with patience 0 or 1 the first epoch that is not better ends the run. */
  get isOver(): boolean {
    return this.earlyStopping !== null && this.badEpochs >= Math.max(1, this.earlyStopping.patience)
  }

  /** Whether this epoch is the best so far. */
  note(record: EpochRecord): boolean {
    const value = monitoredValue(this.monitor, record)
    if (value === undefined) return false
    const better = this.isBetter(value)
    if (better) this.best = { epoch: record.epoch, value }
    this.badEpochs = better ? 0 : this.badEpochs + 1
    return better
  }

  save(): Pick<RunPosition, 'best' | 'badEpochs'> {
    return { best: this.best, badEpochs: this.badEpochs }
  }

  restore(position: RunPosition): void {
    this.best = position.best
    this.badEpochs = position.badEpochs
  }

  private isBetter(value: number): boolean {
    if (this.best === null) return true
    const minDelta = this.earlyStopping?.minDelta ?? 0
    return this.monitor === 'valAccuracy'
      ? value > this.best.value + minDelta
      : value < this.best.value - minDelta
  }
}

/** The watched value of an epoch; undefined where the epoch was not validated. */
export function monitoredValue(monitor: Monitor, record: EpochRecord): number | undefined {
  switch (monitor) {
    case 'valLoss':
      return record.valLoss
    case 'valAccuracy':
      return record.valAccuracy
    case 'trainLoss':
      return record.trainLoss
  }
}
