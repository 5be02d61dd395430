import type { Dataset } from '#core/data/dataset'
import type { Loss } from '#core/nn/losses/loss'
import type { RunSpec } from '#core/spec/run-spec'
import type { Gpu } from './gpu'
import type { KernelFrame } from './kernel'
import type { Program } from './program'
import type { RunMemory } from './run-memory'
import type { SessionBuffers } from './session-buffers'
import type { StepScalars } from './step-scalars'
import type { SubmitPace } from './submit-pace'

/** What is compiled for a model. */
export interface Programs {
  /** A batch, or a piece of one. */
  readonly step: Program
  /** The same, and its gradients are left behind. */
  keepingStep(): Promise<Program>
  /** What follows once a step. */
  readonly afterwards: Program
  readonly evaluation: Program
  readonly fold: Program | null
}

/** One of the runs that are worked off together. */
export interface Member {
  readonly spec: RunSpec
  readonly loss: Loss
  readonly scalars: StepScalars
  readonly memory: RunMemory
}

export interface RunGroupOptions {
  readonly gpu: Gpu
  readonly dataset: Dataset
  readonly members: readonly Member[]
  readonly programs: Programs
  readonly buffers: SessionBuffers
  readonly frame: KernelFrame
  readonly pace: SubmitPace
  /** Rows of a batch, or of a piece of it. */
  readonly capacity: number
  /** Rows that there is room for. */
  readonly rows: number
  /** Rows of a piece of an evaluation: those of every other backend where a layer looks at all of them. */
  readonly evaluated: number
  /** Path of a layer that needs more than one row in a batch. */
  readonly batchNorm: string | null
  /** Images from outside the data set that there is room for, for each run. */
  readonly guests: number
  /** Places in the order of the images, for each run. */
  readonly imageRows: number
}
