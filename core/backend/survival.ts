import type { Backend, DeviceName } from './backend'

/** A device that was lost, and where its run goes on. */
export interface DeviceLoss {
  readonly from: DeviceName
  readonly to: DeviceName
  /** Optimizer steps of the last state that was kept: the run goes on from there. */
  readonly step: number
  /** Steps that had been taken; those since `step` are taken again. */
  readonly lostAt: number
  readonly reason: string
}

export interface Survival {
  /** Where to go on after so many losses in a row; rejects where there is nowhere. */
  readonly next: (losses: number) => Promise<Backend>
  readonly onLoss: (loss: DeviceLoss) => void
  /** Milliseconds of a steady clock. */
  readonly clock: () => number
  /** About how much work may be lost, in milliseconds; default 5000. */
  readonly keepMilliseconds?: number
}
