/*
 * One model with its data in one WebAssembly memory, and the kernels that were generated for its shapes.
 * Everything that depends on threads is behind `Team`.
 */
import { argmax } from '#core/nn/accuracy'
import type { Loss } from '#core/nn/losses/loss'
import type { Network } from '#core/nn/network'
import type { ForwardContext } from '#core/nn/module'
import { normalizationTable } from '#core/data/normalize'
import type { SessionSetup } from '../backend'
import type { BatchSource } from './batch-source'
import type { Distortion } from './distortion'
import { CONTROL_BYTES, Draft } from './draft'
import { isFastLoss } from './engine-limits'
import { type DensePixels, PixelLists } from './input-images'
import { ROW_FIGURES } from './kernels/cross-entropy'
import type { SimdTarget } from './kernels/target'
import type { UpdateRule } from './kernels/update-rules'
import type { GradientUse } from './linear-kernels'
import { writePanels } from './panels'
import type { ParameterConstraints } from './parameter-constraints'
import type { ParameterStore } from './parameter-store'
import { addBackward, addForward, type Capture, type PassOptions } from './passes'
import type { PanelLooks } from './panel-looks'
import { PlainRunner } from './plain-runner'
import { part, Program, type Team } from './program'
import type { Segment } from './segments'
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

/** What a forward pass is made for. */
export interface Pass {
  readonly context: ForwardContext
  /** Place in the batch of the first row at hand. */
  readonly firstRow: number
  readonly capture: Capture
}

export class Engine {
  readonly capacity: number
  readonly store: ParameterStore
  private readonly constraints: ParameterConstraints
  readonly segments: readonly Segment[]
  /** What measures layers by kernels, where passes capture 'panels'; null: they cannot. */
  readonly looks: PanelLooks | null
  readonly usesLists: boolean
  readonly batch: BatchSource
  /** Distorts training images where the run asks for it. */
  readonly distortion: Distortion | null
  private readonly network: Network
  private readonly loss: Loss
  private readonly fastLoss: boolean
  private readonly runner: PlainRunner
  private readonly team: Team
  private readonly pixels: PixelLists | DensePixels
  private readonly floats: Float32Array
  private readonly scale: number
  private readonly figures: number
  private readonly place: Uint32Array
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
    this.constraints = draft.constraints
    this.segments = draft.segments
    this.looks = draft.looks
    this.batch = draft.batch
    this.pixels = draft.pixels
    this.distortion = draft.distortion
    this.usesLists = draft.pixels instanceof PixelLists
    this.scale = draft.scale
    this.figures = draft.figures
    this.fastLoss = isFastLoss(spec, network.outFeatures)
    this.floats = new Float32Array(memory.buffer)
    this.place = new Uint32Array(memory.buffer, draft.place, 2)
    this.runner = new PlainRunner(this.floats)
    this.batch.attach(memory.buffer)
    this.distortion?.pass.attach(new Int32Array(memory.buffer))
    this.store.attach(this.floats)
    this.constraints.attach(this.floats)
    this.looks?.attach(memory)
    const make = (length: number) => new Float32Array(length)
    this.floats.set(normalizationTable(spec.dataset.normalize, make), draft.table / 4)
  }

  /** [rows, out] of the batch at hand, a fresh array. */
  forward(rows: number, pass: Pass): Float32Array {
    this.runForward(rows, pass)
    return this.runner.read(this.last.output, rows)
  }

  /** Forward pass and loss of the batch at hand; leaves the gradient of the output. */
  forwardLoss(
    rows: number,
    divisor: number,
    pass: Pass,
  ): { readonly loss: number; readonly hits: number } {
    if (this.fastLoss) this.floats[this.scale / 4] = 1 / divisor
    this.runForward(rows, pass)
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
  backward(rows: number, use: GradientUse, capture: Capture): void {
    this.program(`backward ${use} ${capture}`, (program) => {
      addBackward(program, this.segments, use, 'output', this.options(true, capture))
    }).run(rows)
  }

  /** Updates all parameters from the stored gradients. */
  update(): void {
    this.program('update', (program) => {
      program.onTeam((share) => this.store.updateCalls(share))
    }).run(0)
  }

  /** Scales all gradients down to the joint 2-norm `most`, where theirs is larger: torch's clip_grad_norm_. */
  clipNorm(most: number): void {
    const { constraints } = this
    this.program('squares', (program) => {
      program.onTeam((share) => constraints.squaresCalls(share))
    }).run(0)
    const factor = Math.min(1, most / (constraints.norm() + 1e-6))
    if (factor === 1) return
    constraints.setFactor(factor)
    this.program('scale', (program) => {
      program.onTeam((share) => constraints.gradientCalls(share, 'scale'))
    }).run(0)
  }

  /** Clamps all gradients to the spec's clipGradValue. */
  clipValues(): void {
    this.program('clamp', (program) => {
      program.onTeam((share) => this.constraints.gradientCalls(share, 'clamp'))
    }).run(0)
  }

  /** Keeps the incoming weights of each unit within the spec's maxNorm. */
  limitNorms(): void {
    this.program('max norm', (program) => {
      program.onTeam((share) => this.constraints.maxNormCalls(share))
    }).run(0)
  }

  /** Takes the present parameters into the average. fresh: their share of it. */
  average(fresh: number): void {
    this.constraints.setFactor(fresh)
    this.program('average', (program) => {
      program.onTeam((share) => this.constraints.averageCalls(share))
    }).run(0)
  }

  /** Measures what the last passes left, which captured 'panels', and the parameters; without room for that, makes all ready for others. */
  measure(rows: number): void {
    const { looks } = this
    if (looks === null) {
      this.store.pull('gradients', ({ plain }) => !plain)
      this.store.pull('values', ({ plain }) => !plain)
      return
    }
    this.program('measure', (program) => {
      looks.parameters.addTo(program)
      looks.layers.addTo(program)
    }).run(rows)
  }

  /** Measures how far the update went since, or makes the values ready for others. */
  measureUpdate(): void {
    const { looks } = this
    if (looks === null) {
      this.store.pull('values', ({ plain }) => !plain)
      return
    }
    this.program('measure update', (program) => {
      looks.parameters.addUpdateTo(program)
    }).run(0)
  }

  dispose(): void {
    this.team.dispose()
  }

  private get last(): Segment {
    return this.segments[this.segments.length - 1] as Segment
  }

  private runForward(rows: number, { context, firstRow, capture }: Pass): void {
    this.context = context
    this.place.set([context.step, firstRow])
    const { training } = context
    const { listed, distorted } = this.batch
    const images = distorted ? 'distorted' : listed ? 'listed' : 'raw'
    this.program(`forward ${String(training)} ${capture} ${images}`, (program) => {
      if (distorted) this.distortion?.pass.addTo(program)
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

  private options(training: boolean, capture: Capture): PassOptions {
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
