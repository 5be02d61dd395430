/**
 * What a device can do. One interface, several implementations (reference, cpu, webgpu), one conformance suite.
 *
 * A backend is a factory of sessions. A session holds one model, its optimizer and the data on one device, and is
 * driven by coarse calls: many optimizer steps a call, never a call per batch, so that it can live in a worker
 * thread, in another process or behind a port (remote-session.ts) without the caller noticing.
 */
import type { Dataset } from '#core/data/dataset'
import type { RunSpec } from '#core/spec/run-spec'
import type { LayerReport } from './layer-report'

export type DeviceName = 'reference' | 'cpu' | 'webgpu'

/** A device that cannot be used, in words for a person. */
export interface DeviceUnavailable {
  readonly device: DeviceName
  readonly reason: string
}

export interface SessionSetup {
  readonly spec: RunSpec
  readonly dataset: Dataset
  /** The first parameters, named as state_dict names them; the backend draws none itself. */
  readonly parameters: ReadonlyMap<string, StateTensor>
  /** `Session.tiles` of an earlier session of this run: it is given them again where the device still knows them. */
  readonly tiles?: TileRecord
}

/**
 * How a GPU shares out the products of a step: by shape, which tile. Others give the same numbers up to rounding, so a run keeps
 * those that it began with.
 */
export type TileRecord = Readonly<Record<string, string>>

export interface Backend {
  readonly device: DeviceName
  /** What runs the arithmetic, for environment.json: "float64 reference", "WebAssembly relaxed SIMD, 2 threads". */
  readonly description: string
  createSession(setup: SessionSetup): Promise<Session>
  /** Bytes a second that the device's memory moves, reads and writes counted; takes a moment. Absent where nobody measures it. */
  copyRate?(): Promise<number>
}

/** @throws Error where nobody measures this device's memory */
export async function copyRateOf(backend: Backend): Promise<number> {
  const rate = await backend.copyRate?.()
  if (rate === undefined) throw new Error('this device does not measure its memory')
  return rate
}

/** Values of one tensor, row-major. */
export interface StateTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array | Float64Array
}

/**
 * Everything that decides what the next step does, apart from the run's position, which the trainer keeps.
 * Tensors: parameters ("0.weight"), buffers ("1.running_mean"), optimizer state ("optimizer.0.weight.exp_avg"),
 * averaged parameters ("averaged.0.weight"). Numbers: counters such as "optimizer.step".
 */
export interface SessionState {
  readonly tensors: ReadonlyMap<string, StateTensor>
  readonly numbers: Readonly<Record<string, number>>
}

/** Steps of the longest block; a GPU keeps a table of so many. */
export const MOST_BLOCK_STEPS = 4096

/** Consecutive optimizer steps of one epoch. */
export interface Block {
  /** Images of `dataset.train`, batch after batch. */
  readonly indices: Uint32Array
  /** [steps] where each batch ends in `indices`; the first begins at 0. */
  readonly batchEnds: Uint32Array
  /** Optimizer steps taken by the run before this block (0 at its start). */
  readonly firstStep: number
  /** Epochs finished before this block; keys the augmentation. */
  readonly epoch: number
  /** [steps * parameter groups], row-major: the learning rate of each group at each step. */
  readonly learningRates: Float64Array
  /** [steps], or null where no scheduler moves momentum (beta1 of the Adam family). */
  readonly momenta: Float64Array | null
  /** Step within the block whose layers are reported, or null. */
  readonly diagnoseAt: number | null
  /** Fold the parameters into the run's SWA average after the last step. */
  readonly foldAverage: boolean
}

/** Where the first value that is not a number, or infinite, was found. */
export interface NumericalFailure {
  /** Optimizer steps completed before the failing one. */
  readonly step: number
  /** Path of the first layer, as in state_dict: "2". */
  readonly layer: string
  readonly layerType: string
  readonly operation: 'forward' | 'loss' | 'backward' | 'update'
}

export interface BlockReport {
  /** [steps done] loss of each batch before its update. */
  readonly losses: Float64Array
  /** [steps done] images of each batch whose largest output is their label. */
  readonly hits: Uint32Array
  readonly failure: NumericalFailure | null
  readonly layers: readonly LayerReport[] | null
}

export interface EvaluationRequest {
  readonly set: 'train' | 'test'
  /** Images to evaluate; null: all of the set. */
  readonly indices: Uint32Array | null
  /** Evaluate the averaged parameters (SWA, EMA) instead of the trained ones, where the run keeps them. */
  readonly averaged: boolean
  /**
   * For the averages of a net with BatchNorm1d: the batches of training images over which its running statistics are computed
   * anew (torch.optim.swa_utils.update_bn) where they are older than the averages. Absent: the trained net's are used.
   */
  readonly updateBn?: TrainingBatches
}

/** Batches of an epoch that is not trained on. */
export type TrainingBatches = Pick<Block, 'indices' | 'batchEnds' | 'firstStep' | 'epoch'>

export interface Evaluation {
  /** Mean over the images, in evaluation mode. */
  readonly loss: number
  readonly count: number
  /** [classes * classes] row = label, column = prediction. */
  readonly confusion: Uint32Array
}

export interface Prediction {
  /** [count * classes] softmax of the last layer's output (or the output itself where it is a distribution). */
  readonly probabilities: Float32Array
  /** Output of each layer for the first image, in evaluation mode; empty unless asked for. */
  readonly activations: readonly { readonly layer: string; readonly values: Float32Array }[]
}

export interface PredictionRequest {
  /** [count * inFeatures] grey levels 0..255, normalised by the session as its spec says. */
  readonly pixels: Uint8Array
  readonly count: number
  readonly activations: boolean
}

export interface Session {
  /** On a GPU, for environment.json and for the session that goes on from here. */
  readonly tiles?: TileRecord
  /** Takes the block's steps. Stops early, with `failure`, at a loss that is not finite. */
  run(block: Block): Promise<BlockReport>
  evaluate(request: EvaluationRequest): Promise<Evaluation>
  predict(request: PredictionRequest): Promise<Prediction>
  exportState(): Promise<SessionState>
  /** Replaces the complete state. Throws StateMismatchError and changes nothing where names or shapes differ. */
  importState(state: SessionState): Promise<void>
  dispose(): Promise<void>
}

export class StateMismatchError extends Error {
  override readonly name = 'StateMismatchError'
}
