/*
 * One model with its data in one WebAssembly memory, and the kernels that were generated for its shapes.
 * Everything that depends on threads is behind `Team`.
 */
import { argmax } from '#core/nn/accuracy'
import type { Loss } from '#core/nn/losses/loss'
import type { Network } from '#core/nn/network'
import type { ForwardContext } from '#core/nn/module'
import { Augmenter } from '#core/data/augment'
import { normalizationTable } from '#core/data/normalize'
import type { SessionSetup } from '../backend'
import { Arena } from './arena'
import { AUGMENT_KERNEL, AugmentPass } from './augment-pass'
import { BatchSource } from './batch-source'
import { capacityOf, isFastLoss, linearNames } from './engine-limits'
import { DensePixels, PixelLists, prefersLists } from './input-images'
import { crossEntropyPass, ROW_FIGURES } from './kernels/cross-entropy'
import { columnSums, copyFunction } from './kernels/elementwise'
import { packedKernels } from './kernels/packing'
import { productScratch } from './kernels/products'
import { SPARSE_SCRATCH } from './kernels/sparse-products'
import type { SimdTarget } from './kernels/target'
import { updateFunction } from './kernels/update'
import type { UpdateRule } from './kernels/update-rules'
import type { GradientUse } from './linear-kernels'
import { writePanels } from './panels'
import { ParameterStore } from './parameter-store'
import { addBackward, addForward, type PassOptions } from './passes'
import { part, Program, type Team } from './program'
import { buildSegments, PlainRunner, reserveMatrix, type Segment } from './segments'
import { i32 } from './wasm/instructions'
import { ModuleBuilder } from './wasm/module-builder'
import { compile, createMemory, type WasmMemory, type WasmModule } from './wasm/runtime'

/** The memory and the compiled kernels, for whoever starts the threads. */
export interface EngineImage {
  readonly memory: WasmMemory
  readonly module: WasmModule
  /** Address of bytes that the team may use to coordinate itself. */
  readonly control: number
  readonly controlBytes: number
}

export interface EngineOptions {
  readonly target: SimdTarget
  readonly threads: number
  readonly makeTeam: (image: EngineImage) => Promise<Team>
}

/** Bytes for the team: its control words and the prepared steps. */
const CONTROL_BYTES = 1 << 20

export class Engine {
  readonly capacity: number
  readonly store: ParameterStore
  readonly segments: readonly Segment[]
  readonly usesLists: boolean
  readonly batch: BatchSource
  /** Distorts training images where the run asks for it. */
  readonly distortion: AugmentPass | null
  private readonly network: Network
  private readonly loss: Loss
  private readonly fastLoss: boolean
  private readonly runner: PlainRunner
  private readonly team: Team
  private readonly pixels: PixelLists | DensePixels
  private readonly floats: Float32Array
  private readonly scale: number
  private readonly figures: number
  private readonly programs = new Map<string, Program>()
  private context: ForwardContext = { training: false, seed: 0, step: 0 }

  static async create(
    setup: SessionSetup,
    network: Network,
    loss: Loss,
    rule: UpdateRule | null,
    options: EngineOptions,
  ): Promise<Engine> {
    const draft = new Draft(setup, network, rule, options)
    const shared = options.threads > 1
    const memory = createMemory(draft.arena.pages, shared)
    const image = {
      memory,
      module: compile(draft.module.build({ pages: draft.arena.pages, shared })),
      control: draft.control,
      controlBytes: CONTROL_BYTES,
    }
    return new Engine(setup, network, loss, draft, memory, await options.makeTeam(image))
  }

  private constructor(
    { spec }: SessionSetup,
    network: Network,
    loss: Loss,
    draft: Draft,
    memory: WasmMemory,
    team: Team,
  ) {
    this.network = network
    this.loss = loss
    this.team = team
    this.capacity = draft.capacity
    this.store = draft.store
    this.segments = draft.segments
    this.batch = draft.batch
    this.pixels = draft.pixels
    this.distortion = draft.distortion
    this.usesLists = draft.pixels instanceof PixelLists
    this.scale = draft.scale
    this.figures = draft.figures
    this.fastLoss = isFastLoss(spec, network.outFeatures)
    this.floats = new Float32Array(memory.buffer)
    this.runner = new PlainRunner(this.floats)
    this.batch.attach(memory.buffer)
    this.distortion?.attach(new Int32Array(memory.buffer))
    this.store.attach(this.floats)
    const make = (length: number) => new Float32Array(length)
    this.floats.set(normalizationTable(spec.dataset.normalize, make), draft.table / 4)
  }

  /** [rows, out] of the batch at hand, a fresh array. */
  forward(rows: number, context: ForwardContext, capture: boolean): Float32Array {
    this.runForward(rows, context, capture)
    return this.runner.read(this.last.output, rows)
  }

  /** Forward pass and loss of the batch at hand; leaves the gradient of the output. */
  forwardLoss(
    rows: number,
    divisor: number,
    context: ForwardContext,
    capture: boolean,
  ): { readonly loss: number; readonly hits: number } {
    if (this.fastLoss) this.floats[this.scale / 4] = 1 / divisor
    this.runForward(rows, context, capture)
    if (this.fastLoss) return this.readFigures(rows, divisor)
    const { outFeatures } = this.network
    const output = this.runner.read(this.last.output, rows)
    const targets = { kind: 'classes', labels: this.batch.labels } as const
    const loss = this.loss.forward(output, targets, rows, divisor)
    let hits = 0
    for (let row = 0; row < rows; row++)
      if (argmax(output, row * outFeatures, outFeatures) === this.batch.labels[row]) hits++
    const gradient = new Float32Array(rows * outFeatures)
    if (Number.isFinite(loss)) this.loss.backward(output, targets, rows, gradient, divisor)
    writePanels(this.floats, this.last.outputGradient, gradient, rows)
    return { loss, hits }
  }

  /** Backward pass of the batch at hand, after `forwardLoss`. */
  backward(rows: number, use: GradientUse, capture: boolean): void {
    this.program(`backward ${use} ${String(capture)}`, (program) => {
      addBackward(program, this.segments, use, 'output', this.options(true, capture))
    }).run(rows)
  }

  /** Updates all parameters from the stored gradients. */
  update(): void {
    this.program('update', (program) => {
      program.onTeam((share) => this.store.updateCalls(share))
    }).run(0)
  }

  dispose(): void {
    this.team.dispose()
  }

  private get last(): Segment {
    return this.segments[this.segments.length - 1] as Segment
  }

  private runForward(rows: number, context: ForwardContext, capture: boolean): void {
    this.context = context
    const { training } = context
    const { listed, distorted } = this.batch
    const images = listed ? 'listed' : distorted ? 'distorted' : 'raw'
    this.program(`forward ${String(training)} ${String(capture)} ${images}`, (program) => {
      if (distorted)
        program.onTeam((share) => [
          { kernel: AUGMENT_KERNEL, operands: [...part(share.rows, share), share.thread] },
        ])
      if (!listed) this.pixels.addTo(program, !distorted)
      addForward(program, this.segments, this.options(training, capture))
      if (training && this.fastLoss)
        program.onTeam((share) => [
          { kernel: 'cross entropy', operands: part(share.rows, share, 8) },
        ])
    }).run(rows)
  }

  private readFigures(
    rows: number,
    divisor: number,
  ): { readonly loss: number; readonly hits: number } {
    const { floats, batch } = this
    const { address, stride } = this.last.output
    let total = 0
    let hits = 0
    for (let row = 0; row < rows; row++) {
      const at = (this.figures + row * ROW_FIGURES) / 4
      const behind = floats[at + 1] as number
      total += Math.log(floats[at] as number) + behind
      if (behind === 0) {
        const label = batch.labels[row] as number
        const first = (address >> 2) + row * 8
        const highest = floats[first + (label >> 3) * (stride >> 2) + (label & 7)]
        let c = 0
        while (c < label && floats[first + (c >> 3) * (stride >> 2) + (c & 7)] !== highest) c++
        if (c === label) hits++
      }
    }
    return { loss: total / divisor, hits }
  }

  private options(training: boolean, capture: boolean): PassOptions {
    return { training, capture, runner: this.runner, context: () => this.context }
  }

  private program(key: string, fill: (program: Program) => void): Program {
    let program = this.programs.get(key)
    if (program === undefined) {
      program = new Program(this.team)
      fill(program)
      this.programs.set(key, program)
    }
    return program
  }
}

/** Addresses and kernels of an engine before its memory exists. */
class Draft {
  readonly arena = new Arena()
  readonly module = new ModuleBuilder()
  readonly capacity: number
  readonly batch: BatchSource
  readonly pixels: PixelLists | DensePixels
  readonly distortion: AugmentPass | null
  readonly store: ParameterStore
  readonly segments: readonly Segment[]
  readonly control: number
  readonly table: number
  readonly scale: number
  readonly figures: number

  constructor(
    { spec, dataset }: SessionSetup,
    network: Network,
    rule: UpdateRule | null,
    { target, threads }: EngineOptions,
  ) {
    const { arena, module } = this
    this.capacity = capacityOf(spec, dataset.train.count, network)
    this.control = arena.reserve(CONTROL_BYTES)
    this.table = arena.reserve(256 * 4)
    this.scale = arena.reserve(4)
    this.figures = arena.reserve(this.capacity * ROW_FIGURES)
    const zeros = arena.reserve(64)
    const scratchBytes = Math.max(productScratch(this.capacity), SPARSE_SCRATCH)
    const scratch = arena.reserve(threads * scratchBytes)
    const lists =
      spec.model.layers[0]?.type === 'Linear' && prefersLists(dataset.train, this.capacity)
    const { augment } = spec.dataset
    const keepsLists = lists && augment === null
    this.batch = new BatchSource(arena, dataset, network.inFeatures, this.capacity, keepsLists)
    const { source } = this.batch
    this.distortion =
      augment === null
        ? null
        : new AugmentPass(
            arena,
            new Augmenter(augment, spec.training.seed, dataset.train.rows, dataset.train.cols),
            this.capacity,
            threads,
          )
    this.distortion?.emit(module)
    this.pixels = lists
      ? new PixelLists(arena, source, this.capacity, spec.dataset.normalize)
      : new DensePixels(source, this.table, reserveMatrix(arena, this.capacity, network.inFeatures))
    this.pixels.emit(module)
    if (this.pixels instanceof PixelLists && keepsLists) this.batch.keepLists(arena, this.pixels)
    this.store = new ParameterStore(arena, spec, network, linearNames(network.root), rule)
    const { store } = this
    const update =
      rule === null
        ? null
        : updateFunction(module, target, rule, { values: store.values, slots: store.slots })
    this.segments = buildSegments(
      spec.model.layers,
      network.root.children,
      this.pixels instanceof DensePixels ? this.pixels.matrix : null,
      null,
      {
        arena,
        store,
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
