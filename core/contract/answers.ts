import type { DeviceName } from '#core/backend/backend'
import type { LayerReport } from '#core/backend/layer-report'
import type { RangeTestPoint, RateSuggestion } from '#core/optim/range-test'
import type { RunSpec } from '#core/spec/run-spec'
import type { DepthLayer } from '#core/training/depth-trend'
import type { EpochRecord, RunProgress, RunState, TestRecord } from '#core/training/run-state'
import type { DeviceDecision, DeviceReason } from './device-reason'
import type { MachineFit, MachineMeasurement, MachineReport } from './machine'
import type { RequestName, RequestParams } from './requests'

export interface DeviceChoice {
  readonly device: DeviceName
  readonly available: boolean
  /** What it is ("WebAssembly SIMD, 2 threads") or why it is not available. */
  readonly description: string
  /** Of the CPU device. */
  readonly threads?: number
  /** Of the GPU: whether it is still looked for, and what it is. Absent for other devices. */
  readonly gpu?: GpuChoice
}

export type GpuChoice =
  | { readonly state: 'looking' }
  | { readonly state: 'missing'; readonly reason: string }
  /** `software`: it computes on the CPU, slower than the CPU device. */
  | { readonly state: 'found'; readonly name: string; readonly software: boolean }

export interface Hello {
  readonly version: string
  /** Where this trainer lives: the desktop's utility process, or `serve`. */
  readonly host: 'desktop' | 'serve'
  readonly hostName: string
  readonly devices: readonly DeviceChoice[]
  readonly dataset: {
    readonly name: string
    readonly train: number
    readonly test: number
    readonly hash: string
  }
  readonly runsFolder: string
}

/** A recorded loss curve, thinned for display: `steps[i]` belongs to `losses[i]`. */
export interface LossSeries {
  readonly steps: readonly number[]
  readonly losses: readonly number[]
  /** Share of the batch that was right. */
  readonly accuracies: readonly number[]
  readonly lrs: readonly number[]
}

export interface RunHeader {
  /** Folder name. */
  readonly id: string
  readonly spec: RunSpec
  readonly device: DeviceName
  /** Why this device, where `auto` was asked for or a device was lost. */
  readonly deviceReason: string
  /** The same as data; null where nothing was chosen, as for a run that is over. */
  readonly why: DeviceReason | null
  readonly parameters: number
}

export interface OpenRun {
  readonly header: RunHeader
  readonly state: RunState
  readonly progress: RunProgress
  readonly series: LossSeries
  readonly epochs: readonly EpochRecord[]
  readonly test: TestRecord | null
  readonly layers: { readonly step: number; readonly reports: readonly LayerReport[] } | null
}

export interface Snapshot {
  readonly run: OpenRun | null
}

export interface PredictionAnswer {
  readonly digit: number
  readonly probabilities: readonly number[]
  readonly activations: readonly { readonly layer: string; readonly values: readonly number[] }[]
  /** What answered: "bundled 784-128-10, 97.8 %" or the run's name and step. */
  readonly model: string
  /** The run that answered; null: the bundled net did. */
  readonly run: { readonly name: string; readonly step: number } | null
  readonly milliseconds: number
}

/** A line of the run list, read from the run's folder. */
export interface RunListing {
  readonly id: string
  readonly name: string
  /** ISO 8601. */
  readonly started: string
  readonly device: string
  /** `crashed`: no summary, and no process works on it. */
  readonly status: 'running' | 'paused' | 'finished' | 'stopped' | 'failed' | 'crashed'
  readonly epochs: number
  readonly epochsAsked: number
  readonly lastLoss: number | null
  readonly testAccuracy: number | null
  readonly resumable: boolean
}

export interface RunRecord {
  readonly listing: RunListing
  readonly spec: RunSpec
  readonly series: LossSeries
  readonly epochs: readonly EpochRecord[]
}

export interface ImageBatch {
  /** Base64 of count * 784 bytes. */
  readonly pixels: string
  readonly labels: readonly number[]
}

export interface RangeTestAnswer {
  readonly points: readonly RangeTestPoint[]
  readonly suggestion: RateSuggestion | null
  /** Why there is no suggestion. */
  readonly problem: string | null
}

/** One of PyTorch's runs beside ours. */
export interface ParityRow {
  readonly name: string
  /** Steps taken. */
  readonly steps: number
  readonly lastLoss: number | null
  readonly torchLoss: number | null
  /** Largest distance between the two losses of a step; null: a loss is missing. */
  readonly difference: number | null
  readonly tolerance: number
  readonly agrees: boolean
}

export interface ParityAnswer {
  /** PyTorch's version. */
  readonly torch: string
  /** What ran here. */
  readonly backend: string
  readonly cases: readonly ParityRow[]
}

export interface AugmentPreview {
  /** Base64 of count * 784 bytes each. */
  readonly before: string
  readonly after: string
  readonly labels: readonly number[]
}

export interface DepthProfileAnswer {
  /** Input to output. */
  readonly layers: readonly DepthLayer[]
}

interface Answers {
  hello: Hello
  machine: MachineReport
  correctMachine: MachineReport
  measureMachine: MachineMeasurement
  fitMachine: MachineFit
  decideDevice: DeviceDecision
  cancelMeasurement: null
  loadWorkspace: { readonly document: Readonly<Record<string, unknown>> | null }
  saveWorkspace: null
  startRun: OpenRun
  reopenRun: OpenRun
  pauseRun: null
  resumeRun: null
  stepRun: null
  stepEpoch: null
  stopRun: null
  snapshot: Snapshot
  predict: PredictionAnswer
  listRuns: readonly RunListing[]
  readRun: RunRecord
  deleteRun: null
  restoreRun: null
  images: ImageBatch
  augmentPreview: AugmentPreview
  /** null: a newer question came before the answer. */
  depthProfile: DepthProfileAnswer | null
  rangeTest: RangeTestAnswer
  parityCheck: ParityAnswer
}

/** What the trainer offers to a window. Rejects with an Error whose message is meant for a person. */
export type TrainerApi = {
  [K in RequestName]: (params: RequestParams<K>) => Promise<Answers[K]>
}

export type Answer<K extends RequestName> = Answers[K]
