/**
 * A session that runs the definitions of core/nn and core/optim as they are, one after the other, in the precision that
 * `make` gives. It does not hurry.
 */
import type { Loss } from '#core/nn/losses/loss'
import { lossOf } from '#core/nn/losses/loss-of'
import { countHits } from '#core/nn/accuracy'
import { buildNetwork } from '#core/nn/build-network'
import type { ForwardContext } from '#core/nn/module'
import type { Network } from '#core/nn/network'
import type { Dataset, ImageSet } from '#core/data/dataset'
import { Augmenter } from '#core/data/augment'
import { normalizationTable } from '#core/data/normalize'
import type { RunSpec } from '#core/spec/run-spec'
import type { Floats, MakeFloats } from '#core/tensor/floats'
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
} from './backend'
import type { ShownBatch } from './averaged-statistics'
import { evaluateInPieces } from './evaluate-in-pieces'
import { LayerMeter } from './layer-meter'
import type { LayerReport } from './layer-report'
import { locateFailure } from './locate-failure'
import { PlainState } from './plain-state'
import { probabilitiesOf } from './probabilities'

interface Batch {
  readonly set: ImageSet
  /** Rows of `set`. */
  readonly indices: Uint32Array
}

export class PlainSession implements Session {
  private readonly spec: RunSpec
  private readonly dataset: Dataset
  private readonly network: Network
  private readonly loss: Loss
  private readonly state: PlainState
  private readonly meter: LayerMeter
  private readonly table: Floats
  private readonly make: MakeFloats
  private readonly augmenter: Augmenter | null
  private inputs: Floats
  private labels = new Uint8Array(0)

  constructor({ spec, dataset, parameters }: SessionSetup, make: MakeFloats) {
    this.spec = spec
    this.dataset = dataset
    this.make = make
    this.network = buildNetwork(spec.model, make)
    this.loss = lossOf(spec.loss, this.network.outFeatures)
    this.state = new PlainState(spec, this.network, make)
    this.state.setParameters(parameters)
    this.meter = new LayerMeter(this.network.root.children)
    this.table = normalizationTable(spec.dataset.normalize, make)
    const { augment } = spec.dataset
    const { rows, cols } = dataset.train
    this.augmenter =
      augment === null ? null : new Augmenter(augment, spec.training.seed, rows, cols)
    this.inputs = make(0)
  }

  run(block: Block): Promise<BlockReport> {
    const losses: number[] = []
    const hits: number[] = []
    let failure: NumericalFailure | null = null
    let layers: readonly LayerReport[] | null = null
    for (let i = 0; i < block.batchEnds.length; i++) {
      const step = this.step(block, i)
      failure = step.failure
      if (failure !== null) break
      losses.push(step.loss)
      hits.push(step.hits)
      layers = step.layers ?? layers
    }
    if (failure === null && block.foldAverage) this.state.foldAverage()
    return Promise.resolve({
      losses: Float64Array.from(losses),
      hits: Uint32Array.from(hits),
      failure,
      layers,
    })
  }

  evaluate(request: EvaluationRequest): Promise<Evaluation> {
    const set = this.dataset[request.set]
    const evaluate = () =>
      evaluateInPieces(
        { loss: this.loss, classes: this.network.outFeatures },
        set,
        request.indices,
        (indices) => this.forward(set, indices, this.context(false, 0)),
      )
    if (!request.averaged) return Promise.resolve(evaluate())
    return Promise.resolve(
      this.state.withAverage(evaluate, request.updateBn, {
        entered: () => undefined,
        show: (batch) => {
          this.show(batch)
        },
      }),
    )
  }

  predict({ pixels, count, activations }: PredictionRequest): Promise<Prediction> {
    const images = { ...this.dataset.test, images: pixels, labels: new Uint8Array(count), count }
    const all = Uint32Array.from({ length: count }, (_, i) => i)
    const output = this.forward(images, all, this.context(false, 0))
    return Promise.resolve({
      probabilities: probabilitiesOf(
        output,
        count,
        this.network.outFeatures,
        this.spec.model.layers.at(-1)?.type,
      ),
      activations: activations
        ? this.network.root.children.map(({ path, output, outFeatures }) => ({
            layer: path,
            values: Float32Array.from(output.subarray(0, outFeatures)),
          }))
        : [],
    })
  }

  exportState(): Promise<SessionState> {
    return Promise.resolve(this.state.export())
  }

  importState(state: SessionState): Promise<void> {
    return new Promise((resolve) => {
      this.state.import(state)
      resolve()
    })
  }

  dispose(): Promise<void> {
    return Promise.resolve()
  }

  private step(
    block: Block,
    i: number,
  ): {
    readonly loss: number
    readonly hits: number
    readonly failure: NumericalFailure | null
    readonly layers: readonly LayerReport[] | null
  } {
    const step = block.firstStep + i
    const indices = block.indices.subarray(i === 0 ? 0 : block.batchEnds[i - 1], block.batchEnds[i])
    const n = indices.length
    const groups = block.learningRates.length / block.batchEnds.length
    const lrs = block.learningRates.subarray(i * groups, (i + 1) * groups)
    const diagnosed = block.diagnoseAt === i
    const batch = this.trainingBatch(indices, block.epoch)
    const loss = this.backpropagate(batch, step)
    if (!Number.isFinite(loss)) {
      const failure = locateFailure(this.network.root.children, n, step)
      return { loss, hits: 0, failure, layers: null }
    }
    const hits = countHits(this.network.root.output, this.labels, n, this.network.outFeatures)
    if (diagnosed) this.meter.beforeUpdate(n)
    this.state.update(lrs, block.momenta?.[i] ?? null, () => this.backpropagate(batch, step))
    return { loss, hits, failure: null, layers: diagnosed ? this.meter.afterUpdate() : null }
  }

  /** Training images through the net in training mode, without a gradient. */
  private show({ indices, step, epoch }: ShownBatch): void {
    const batch = this.trainingBatch(indices, epoch)
    this.forward(batch.set, batch.indices, this.context(true, step))
  }

  /** The batch as the network sees it: the images themselves, or their distorted copies. */
  private trainingBatch(indices: Uint32Array, epoch: number): Batch {
    const { train } = this.dataset
    if (this.augmenter === null) return { set: train, indices }
    const pixels = train.rows * train.cols
    const images = new Uint8Array(indices.length * pixels)
    const labels = new Uint8Array(indices.length)
    indices.forEach((image, row) => {
      this.augmenter?.augmentInto(images, row * pixels, train.images, image, epoch)
      labels[row] = train.labels[image] ?? 0
    })
    return {
      set: { ...train, images, labels, count: indices.length },
      indices: indices.map((_, row) => row),
    }
  }

  /** Leaves the gradients of the batch in the parameters; returns its loss. */
  private backpropagate({ set, indices }: Batch, step: number): number {
    const n = indices.length
    const output = this.forward(set, indices, this.context(true, step))
    const targets = { kind: 'classes', labels: this.labels } as const
    const loss = this.loss.forward(output, targets, n)
    if (!Number.isFinite(loss)) return loss
    const gradient = this.make(n * this.network.outFeatures)
    this.loss.backward(output, targets, n, gradient)
    this.network.zeroGrad()
    this.network.backward(gradient, n, false)
    return loss
  }

  private forward(set: ImageSet, indices: Uint32Array, context: ForwardContext): Floats {
    const features = this.network.inFeatures
    const n = indices.length
    if (this.inputs.length < n * features) this.inputs = this.make(n * features)
    if (this.labels.length < n) this.labels = new Uint8Array(n)
    for (let row = 0; row < n; row++) {
      const image = indices[row] as number
      this.labels[row] = set.labels[image] as number
      for (let i = 0; i < features; i++)
        this.inputs[row * features + i] = this.table[
          set.images[image * features + i] as number
        ] as number
    }
    return this.network.forward(this.inputs, n, context)
  }

  private context(training: boolean, step: number): ForwardContext {
    return { training, seed: this.spec.training.seed, step }
  }
}
