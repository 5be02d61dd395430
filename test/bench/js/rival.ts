import type { StandardNet } from '../../../electron/bench/standard-nets'

/** Another library that trains in JavaScript. */
export interface Rival {
  readonly threads: number
  open(net: StandardNet, batches: readonly Batch[]): RivalModel
}

/** x [batch, 784] normalised, y [batch] class numbers. */
export interface Batch {
  readonly inputs: Float32Array
  readonly labels: Int32Array
}

export interface RivalModel {
  /** One optimizer step on a batch; resolves when the new parameters are computed. */
  step(batch: number): Promise<void>
  /** Of the last step, before its update. */
  loss(): Promise<number>
  end(): void
}
