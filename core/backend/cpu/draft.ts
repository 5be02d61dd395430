import type { Network } from '#core/nn/network'
import type { SessionSetup } from '../backend'
import { Arena } from './arena'
import { type Distortion, distortionOf } from './distortion'
import { BatchSource } from './batch-source'
import { capacityOf, isFastLoss, linearNames } from './engine-limits'
import { DensePixels, PixelLists, prefersLists } from './input-images'
import { crossEntropyPass, ROW_FIGURES } from './kernels/cross-entropy'
import { columnSums, copyFunction } from './kernels/elementwise'
import { packedKernels } from './kernels/packing'
import { noisePass } from './kernels/noise'
import { productScratch } from './kernels/products'
import { SPARSE_SCRATCH } from './kernels/sparse-products'
import type { SimdTarget } from './kernels/target'
import { updateFunction } from './kernels/update'
import type { UpdateRule } from './kernels/update-rules'
import { PanelLooks } from './panel-looks'
import { ParameterConstraints } from './parameter-constraints'
import { ParameterStore } from './parameter-store'
import { buildSegments, reserveMatrix, type Segment } from './segments'
import { i32 } from './wasm/instructions'
import { ModuleBuilder } from './wasm/module-builder'

/** Bytes for the team: its control words and the prepared steps. */
export const CONTROL_BYTES = 1 << 20

/** Addresses and kernels of an engine before its memory exists. */
export class Draft {
  readonly arena = new Arena()
  readonly module = new ModuleBuilder()
  readonly capacity: number
  readonly batch: BatchSource
  readonly pixels: PixelLists | DensePixels
  readonly distortion: Distortion | null
  readonly store: ParameterStore
  readonly constraints: ParameterConstraints
  readonly segments: readonly Segment[]
  /** null: the run looks into no layers. */
  readonly looks: PanelLooks | null
  readonly control: number
  readonly table: number
  readonly scale: number
  readonly figures: number
  /** Address of the step and the row that random words are drawn for. */
  readonly place: number

  constructor(
    { spec, dataset }: Pick<SessionSetup, 'spec' | 'dataset'>,
    network: Network,
    rule: UpdateRule | null,
    { target, threads }: { readonly target: SimdTarget; readonly threads: number },
  ) {
    const { arena, module } = this
    this.capacity = capacityOf(spec, dataset.train.count, network)
    this.control = arena.reserve(CONTROL_BYTES)
    this.table = arena.reserve(256 * 4)
    this.scale = arena.reserve(4)
    this.place = arena.reserve(8)
    this.figures = arena.reserve(this.capacity * ROW_FIGURES)
    const zeros = arena.reserve(64)
    const scratchBytes = Math.max(productScratch(this.capacity), SPARSE_SCRATCH)
    const scratch = arena.reserve(threads * scratchBytes)
    const lists =
      spec.model.layers[0]?.type === 'Linear' && prefersLists(dataset.train, this.capacity)
    const { augment } = spec.dataset
    const keepsLists = lists && augment === null
    const looks = spec.training.diagnoseEvery > 0
    arena.charge('dataset')
    this.batch = new BatchSource(arena, dataset, network.inFeatures, this.capacity, keepsLists)
    const { source } = this.batch
    arena.charge('activations')
    this.pixels = lists
      ? new PixelLists(arena, source, this.capacity, spec.dataset.normalize)
      : new DensePixels(source, this.table, reserveMatrix(arena, this.capacity, network.inFeatures))
    this.pixels.emit(module)
    this.distortion = distortionOf(arena, spec, dataset.train, this.pixels, {
      capacity: this.capacity,
      threads,
    })
    this.distortion?.pass.emit(module)
    arena.charge('dataset')
    if (this.pixels instanceof PixelLists && keepsLists) this.batch.keepLists(arena, this.pixels)
    this.store = new ParameterStore(arena, spec, network, linearNames(network.root), rule)
    noisePass(module, 'noise', { seed: spec.training.seed, place: this.place })
    const { store } = this
    this.constraints = new ParameterConstraints(arena, module, target, store, spec.training)
    const update =
      rule === null
        ? null
        : updateFunction(module, target, rule, { values: store.values, slots: store.slots })
    arena.charge('activations')
    this.segments = buildSegments(
      spec.model.layers,
      network.root.children,
      this.pixels instanceof DensePixels ? this.pixels.matrix : null,
      null,
      {
        arena,
        noise: 'noise',
        store,
        looks,
        capacity: this.capacity,
        update:
          update === null
            ? null
            : (parameter) => (gradient, offset, bytes) =>
                update.call(
                  gradient,
                  i32.add(i32.const(parameter.offset), offset),
                  bytes,
                  i32.const(store.constantsOf(parameter)),
                ),
        kernels: {
          module,
          target,
          constants: { zeros, packed: packedKernels(module, target) },
          columnSums: columnSums(module),
          copy: copyFunction(module),
          scratch: (thread) => scratch + thread * scratchBytes,
          pixels: this.pixels instanceof PixelLists ? this.pixels : null,
        },
      },
    )
    arena.charge('other')
    this.looks = looks ? new PanelLooks(arena, store, this.segments, threads) : null
    this.looks?.emit(module, target)
    const last = this.segments.at(-1)
    if (last !== undefined && isFastLoss(spec, network.outFeatures))
      crossEntropyPass(module, target, 'cross entropy', {
        logits: last.output,
        gradient: last.outputGradient,
        labels: this.batch.labelWords,
        scale: this.scale,
        figures: this.figures,
      })
  }
}
