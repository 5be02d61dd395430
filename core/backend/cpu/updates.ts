/* Who keeps a session's parameters and moves them: the kernels, or the plain optimizer (core/optim) where it has no kernel. */
import type { Network } from '#core/nn/network'
import type { RunSpec } from '#core/spec/run-spec'
import { AveragedStatistics, type ShowBatch } from '../averaged-statistics'
import type { SessionState, TrainingBatches } from '../backend'
import type { PlainState } from '../plain-state'
import type { Engine } from './engine'
import { exportKernelState, importKernelState, type KernelCounts } from './kernel-state'
import type { UpdateRule } from './kernels/update-rules'
import type { StoredParameter } from './parameter-store'

export interface Updates {
  /** Whether the kernels may update each weight as soon as its gradient is known, for a batch of `rows`. */
  takesDirectly(rows: number): boolean
  /** Before the backward pass that updates directly. */
  startStep(lrs: Float64Array, momentum: number | null): void
  /** Updates from the gradients in the store. backpropagate: computes loss and gradients anew at other parameters. */
  update(lrs: Float64Array, momentum: number | null, backpropagate: () => number): void
  /** After the update, whoever made it. */
  endStep(): void
  /** Takes the present parameters into the average. */
  foldAverage(): void
  /**
   * Does `work` with the averages in the place of the parameters, where there are any. `batches` are for running statistics
   * that are older than the averages, `show` sends one of them through the net in training mode.
   */
  withAverage<T>(work: () => T, batches: TrainingBatches | undefined, show: ShowBatch): T
  exportState(): SessionState
  /** Throws StateMismatchError and changes nothing where the state is that of another model or optimizer. */
  importState(state: SessionState): void
}

const isPlain = ({ plain }: StoredParameter): boolean => plain

export class KernelUpdates implements Updates {
  private readonly spec: RunSpec
  private readonly network: Network
  private readonly engine: Engine
  private readonly rule: UpdateRule
  private readonly statistics: AveragedStatistics
  private readonly hasPlain: boolean
  private counts: KernelCounts = { steps: 0, averaged: 0 }

  constructor(spec: RunSpec, network: Network, engine: Engine, rule: UpdateRule) {
    this.spec = spec
    this.network = network
    this.engine = engine
    this.rule = rule
    this.statistics = new AveragedStatistics(network, (length) => new Float32Array(length))
    this.hasPlain = engine.store.stored.some(isPlain)
  }

  takesDirectly(rows: number): boolean {
    const { clipGradNorm, clipGradValue } = this.spec.training
    return (
      clipGradNorm === null &&
      clipGradValue === null &&
      rows <= this.engine.capacity &&
      !this.hasPlain
    )
  }

  startStep(lrs: Float64Array, momentum: number | null): void {
    this.engine.store.setStep(lrs, momentum, this.counts.steps + 1)
  }

  update(lrs: Float64Array, momentum: number | null): void {
    const { engine } = this
    const { clipGradNorm, clipGradValue } = this.spec.training
    engine.store.push('gradients', isPlain)
    if (clipGradNorm !== null) engine.clipNorm(clipGradNorm)
    if (clipGradValue !== null) engine.clipValues()
    this.startStep(lrs, momentum)
    engine.update()
  }

  endStep(): void {
    const { maxNorm, averaging } = this.spec.training
    if (maxNorm !== null) this.engine.limitNorms()
    if (averaging?.type === 'EMA') this.foldAverage()
    if (this.hasPlain) this.engine.store.pull('values', isPlain)
    this.counts = { ...this.counts, steps: this.counts.steps + 1 }
  }

  foldAverage(): void {
    const { averaging } = this.spec.training
    if (averaging === null) return
    const { averaged } = this.counts
    const later = averaging.type === 'EMA' ? 1 - averaging.decay : 1 / (averaged + 1)
    this.engine.average(averaged === 0 ? 1 : later)
    this.counts = { ...this.counts, averaged: averaged + 1 }
  }

  withAverage<T>(work: () => T, batches: TrainingBatches | undefined, show: ShowBatch): T {
    const { averaged } = this.counts
    if (averaged === 0) return work()
    this.swap()
    try {
      return this.statistics.during(averaged, work, batches, show)
    } finally {
      this.swap()
    }
  }

  exportState(): SessionState {
    const { network, engine, rule, counts, statistics } = this
    const { tensors, numbers } = exportKernelState(network, engine.store, rule.slots, counts)
    return { tensors: new Map([...tensors, ...statistics.exportState(counts.averaged)]), numbers }
  }

  importState(state: SessionState): void {
    const { spec, network, engine, rule, statistics } = this
    this.counts = importKernelState(spec, network, engine.store, rule.slots, state)
    statistics.importState(state.tensors, this.counts.averaged)
  }

  private swap(): void {
    this.engine.store.swapAverages()
    this.engine.store.pull('values', isPlain)
  }
}

/** The network's row-major copies are the parameters; the store follows them. */
export class PlainUpdates implements Updates {
  private readonly state: PlainState
  private readonly engine: Engine

  constructor(state: PlainState, engine: Engine) {
    this.state = state
    this.engine = engine
  }

  takesDirectly(): boolean {
    return false
  }

  startStep(): void {
    throw new RangeError('a plain optimizer never updates directly')
  }

  update(lrs: Float64Array, momentum: number | null, backpropagate: () => number): void {
    const { store } = this.engine
    const isKernels = (stored: StoredParameter) => !stored.plain
    store.pull('gradients', isKernels)
    this.state.update(lrs, momentum, () => {
      store.push('values')
      const loss = backpropagate()
      store.pull('gradients', isKernels)
      return loss
    })
    store.push('values')
  }

  endStep(): void {
    // The plain state constrains and averages within its update.
  }

  foldAverage(): void {
    this.state.foldAverage()
  }

  withAverage<T>(work: () => T, batches: TrainingBatches | undefined, show: ShowBatch): T {
    const { store } = this.engine
    const entered = () => {
      store.push('values')
    }
    const result = this.state.withAverage(work, batches, { entered, show })
    store.push('values')
    return result
  }

  exportState(): SessionState {
    return this.state.export()
  }

  importState(state: SessionState): void {
    this.state.import(state)
    this.engine.store.push('values')
  }
}
