import type { Loss } from '#core/nn/losses/loss'
import { lossOf } from '#core/nn/losses/loss-of'
import { buildNetwork } from '#core/nn/build-network'
import type { ForwardContext } from '#core/nn/module'
import type { Network } from '#core/nn/network'
import type { RunSpec } from '#core/spec/run-spec'
import type {
  Block,
  BlockReport,
  Evaluation,
  EvaluationRequest,
  NumericalFailure,
  Prediction,
  PredictionRequest,
  Session,
  SessionSetup,
  SessionState,
} from '../backend'
import { evaluateInPieces } from '../evaluate-in-pieces'
import { firstMomentum } from '../first-momentum'
import { LayerMeter } from '../layer-meter'
import type { LayerReport } from '../layer-report'
import { locateFailure } from '../locate-failure'
import { PlainState } from '../plain-state'
import { probabilitiesOf } from '../probabilities'
import { Engine, type EngineOptions, type Pass } from './engine'
import { updateRuleOf } from './kernels/update-rules'
import type { Capture } from './passes'
import { KernelUpdates, PlainUpdates, type Updates } from './updates'

const makeFloat32 = (length: number): Float32Array => new Float32Array(length)

interface Batch {
  readonly indices: Uint32Array
  readonly step: number
  readonly epoch: number
}

interface Step {
  readonly loss: number
  readonly hits: number
  readonly failure: NumericalFailure | null
  readonly layers: readonly LayerReport[] | null
}

/**
 * A session on the kernels. Where the optimizer has a kernel of its own, parameters and state live in the engine; else the plain
 * optimizer (core/optim) works on the network's row-major copies after each backward pass.
 */
export class CpuSession implements Session {
  private readonly spec: RunSpec
  private readonly setup: SessionSetup
  private readonly network: Network
  private readonly loss: Loss
  private readonly engine: Engine
  private readonly updates: Updates
  private readonly meter: LayerMeter
  private readonly lookCapture: Capture
  private labels = new Uint8Array(0)

  static async create(setup: SessionSetup, options: EngineOptions): Promise<CpuSession> {
    const network = buildNetwork(setup.spec.model, makeFloat32)
    const loss = lossOf(setup.spec.loss, network.outFeatures)
    const rule = updateRuleOf(setup.spec.optimizer, firstMomentum(setup.spec))
    const state = new PlainState(setup.spec, network, makeFloat32)
    state.setParameters(setup.parameters)
    const engine = await Engine.create(setup, network, loss, rule, options)
    engine.store.push('values')
    const updates =
      rule === null
        ? new PlainUpdates(state, engine)
        : new KernelUpdates(setup.spec, network, engine, rule)
    return new CpuSession(setup, network, loss, updates, engine)
  }

  private constructor(
    setup: SessionSetup,
    network: Network,
    loss: Loss,
    updates: Updates,
    engine: Engine,
  ) {
    this.setup = setup
    this.spec = setup.spec
    this.network = network
    this.loss = loss
    this.updates = updates
    this.engine = engine
    this.meter = new LayerMeter(network.root.children, engine.looks)
    this.lookCapture = engine.looks === null ? 'arrays' : 'panels'
  }

  run(block: Block): Promise<BlockReport> {
    const count = block.batchEnds.length
    const losses = new Float64Array(count)
    const hits = new Uint32Array(count)
    let done = 0
    let failure: NumericalFailure | null = null
    let layers: readonly LayerReport[] | null = null
    while (done < count) {
      const step = this.step(block, done)
      failure = step.failure
      if (failure !== null) break
      losses[done] = step.loss
      hits[done] = step.hits
      layers = step.layers ?? layers
      done++
    }
    if (failure === null && block.foldAverage) this.updates.foldAverage()
    return Promise.resolve({
      losses: losses.subarray(0, done),
      hits: hits.subarray(0, done),
      failure,
      layers,
    })
  }

  evaluate(request: EvaluationRequest): Promise<Evaluation> {
    const set = this.setup.dataset[request.set]
    const evaluate = () =>
      evaluateInPieces(
        { loss: this.loss, classes: this.network.outFeatures },
        set,
        request.indices,
        (indices) => this.forwardAll(request.set, indices),
      )
    if (!request.averaged) return Promise.resolve(evaluate())
    return Promise.resolve(
      this.updates.withAverage(evaluate, request.updateBn, (batch) => {
        this.show(batch)
      }),
    )
  }

  predict({ pixels, count, activations }: PredictionRequest): Promise<Prediction> {
    const { inFeatures, outFeatures } = this.network
    const { capacity, batch } = this.engine
    const output = new Float32Array(count * outFeatures)
    let first: Prediction['activations'] = []
    for (let from = 0; from < count; from += capacity) {
      const rows = Math.min(capacity, count - from)
      batch.invite(pixels.subarray(from * inFeatures), rows)
      const shows = activations && from === 0
      const pass = this.evaluation(shows ? 'arrays' : 'nothing')
      output.set(this.engine.forward(rows, pass), from * outFeatures)
      if (shows)
        first = this.network.root.children.map((layer) => ({
          layer: layer.path,
          values: Float32Array.from(layer.output.subarray(0, layer.outFeatures)),
        }))
    }
    const last = this.spec.model.layers.at(-1)?.type
    return Promise.resolve({
      probabilities: probabilitiesOf(output, count, outFeatures, last),
      activations: first,
    })
  }

  exportState(): Promise<SessionState> {
    return Promise.resolve(this.updates.exportState())
  }

  importState(state: SessionState): Promise<void> {
    return new Promise((resolve) => {
      this.updates.importState(state)
      resolve()
    })
  }

  dispose(): Promise<void> {
    this.engine.dispose()
    return Promise.resolve()
  }

  private step(block: Block, i: number): Step {
    const step = block.firstStep + i
    const indices = block.indices.subarray(i === 0 ? 0 : block.batchEnds[i - 1], block.batchEnds[i])
    const groups = block.learningRates.length / block.batchEnds.length
    const lrs = block.learningRates.subarray(i * groups, (i + 1) * groups)
    const momentum = block.momenta?.[i] ?? null
    const looks = block.diagnoseAt === i
    const direct = !looks && this.updates.takesDirectly(indices.length)
    if (direct) this.updates.startStep(lrs, momentum)
    const batch = { indices, step, epoch: block.epoch }
    const capture = looks ? this.lookCapture : 'nothing'
    const { loss, hits } = this.backpropagate(batch, direct, capture)
    if (!Number.isFinite(loss)) return { loss, hits, failure: this.locate(batch), layers: null }
    if (looks) this.look(indices.length)
    if (!direct)
      this.updates.update(lrs, momentum, () => this.backpropagate(batch, false, 'nothing').loss)
    this.updates.endStep()
    if (looks) this.engine.measureUpdate()
    return { loss, hits, failure: null, layers: looks ? this.meter.afterUpdate() : null }
  }

  /** Measures the layers; of a batch in pieces, what its last piece left. */
  private look(size: number): void {
    const { engine, meter } = this
    const rows = ((size - 1) % engine.capacity) + 1
    engine.measure(rows)
    meter.beforeUpdate(rows)
  }

  /** Loss of a batch; its gradients are left in the store, or applied at once where `direct`. */
  private backpropagate(
    { indices, step, epoch }: Batch,
    direct: boolean,
    capture: Capture,
  ): { readonly loss: number; readonly hits: number } {
    const { engine } = this
    const { capacity } = engine
    const divisor = this.divisorOf(indices)
    const context = this.training(step)
    let loss = 0
    let hits = 0
    // All others are overwritten.
    for (const { plain, parameter } of engine.store.stored) if (plain) parameter.grad.fill(0)
    for (let from = 0; from < indices.length; from += capacity) {
      const piece = indices.subarray(from, from + capacity)
      this.load(piece, epoch)
      const part = engine.forwardLoss(piece.length, divisor, { context, firstRow: from, capture })
      loss += part.loss
      hits += part.hits
      if (!Number.isFinite(loss)) break
      engine.backward(
        piece.length,
        direct ? 'update' : from === 0 ? 'overwrite' : 'accumulate',
        capture,
      )
    }
    return { loss, hits }
  }

  /** Runs the failing batch once more, on the parameters it failed with, and looks where the trouble begins. */
  private locate({ indices, step, epoch }: Batch): NumericalFailure {
    const { engine } = this
    engine.store.pull('values')
    let failure: NumericalFailure | null = null
    for (let from = 0; from < indices.length; from += engine.capacity) {
      const piece = indices.subarray(from, from + engine.capacity)
      this.load(piece, epoch)
      engine.forward(piece.length, {
        context: this.training(step),
        firstRow: from,
        capture: 'arrays',
      })
      failure = locateFailure(this.network.root.children, piece.length, step)
      if (failure.operation !== 'loss') return failure
    }
    return failure ?? locateFailure(this.network.root.children, 0, step)
  }

  private forwardAll(set: 'train' | 'test', indices: Uint32Array): Float32Array {
    const { capacity, batch } = this.engine
    const { outFeatures } = this.network
    const output = new Float32Array(indices.length * outFeatures)
    for (let from = 0; from < indices.length; from += capacity) {
      const piece = indices.subarray(from, from + capacity)
      batch.choose(set, piece)
      output.set(this.engine.forward(piece.length, this.evaluation('nothing')), from * outFeatures)
    }
    return output
  }

  /** Training images through the net in training mode, without a gradient. */
  private show({ indices, step, epoch }: Batch): void {
    const { engine } = this
    const context = this.training(step)
    for (let from = 0; from < indices.length; from += engine.capacity) {
      const piece = indices.subarray(from, from + engine.capacity)
      this.load(piece, epoch)
      engine.forward(piece.length, { context, firstRow: from, capture: 'nothing' })
    }
  }

  /** Makes training images the batch at hand, distorted where the run asks for it. */
  private load(indices: Uint32Array, epoch: number): void {
    const { batch, distortion } = this.engine
    if (distortion === null) batch.choose('train', indices)
    else batch.distort(indices, distortion, epoch)
  }

  private divisorOf(indices: Uint32Array): number {
    const { labels } = this.setup.dataset.train
    if (this.labels.length < indices.length) this.labels = new Uint8Array(indices.length)
    for (let i = 0; i < indices.length; i++) this.labels[i] = labels[indices[i] as number] as number
    return this.loss.divisor({ kind: 'classes', labels: this.labels }, indices.length)
  }

  private training(step: number): ForwardContext {
    return { training: true, seed: this.spec.training.seed, step }
  }

  private evaluation(capture: Capture): Pass {
    const { seed } = this.spec.training
    return { context: { training: false, seed, step: 0 }, firstRow: 0, capture }
  }
}
