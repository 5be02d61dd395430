import { Augmenter } from '#core/data/augment'
import { buildNetwork } from '#core/nn/build-network'
import type { Loss } from '#core/nn/losses/loss'
import { lossOf } from '#core/nn/losses/loss-of'
import { Layer } from '#core/nn/modules/layer'
import type { Network } from '#core/nn/network'
import { trainImagesOf } from '#core/optim/run-length'
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
  StateTensor,
} from '../backend'
import { evaluateInPieces } from '../evaluate-in-pieces'
import { firstMomentum } from '../first-momentum'
import { LayerMeter } from '../layer-meter'
import type { LayerReport } from '../layer-report'
import { locateFailure } from '../locate-failure'
import { PlainState } from '../plain-state'
import { probabilitiesOf } from '../probabilities'
import type { Matrix } from './arena-layout'
import { DeviceError } from './device-error'
import type { Gpu } from './gpu'
import { CONTROL_WORDS, type KernelFrame, TABLE } from './kernel'
import { packRows, unpackRows } from './parameter-layout'
import { type Plan, planOf } from './plan'
import { Program } from './program'
import { webgpuRefusal } from './refusal'
import { SessionBuffers } from './session-buffers'
import { StepScalars } from './step-scalars'
import { StepTable, type TableRow } from './step-table'
import { standIn } from './stand-in'
import { SubmitPace } from './submit-pace'
import type { WebgpuOptions } from './webgpu-options'
import { updateRule } from './wgsl/update-rules'
import { RULE } from './parameter-update'

/** Rows of a piece of an evaluation, where the batch is smaller. */
const EVALUATED_AT_ONCE = 500
/** Batches larger than this are worked off in pieces. */
const MOST_ROWS = 4096
/** Table rows, and images, of one call to the GPU's counters. */
const MOST_TABLE_ROWS = 4096
const MOST_IMAGES = 2 ** 18

const makeFloat32 = (length: number): Float32Array => new Float32Array(length)

export class WebgpuSession implements Session {
  private readonly gpu: Gpu
  private readonly setup: SessionSetup
  private readonly spec: RunSpec
  private readonly network: Network
  private readonly loss: Loss
  private readonly plan: Plan
  private readonly frame: KernelFrame
  private readonly scalars: StepScalars
  private readonly slots: readonly { readonly name: string; readonly initial: number }[]
  private readonly buffers: SessionBuffers
  private readonly training: Program
  private readonly evaluation: Program
  private readonly pace: SubmitPace
  private readonly capacity: number
  private readonly rows: number
  private readonly guests: number
  private readonly meter: LayerMeter
  private readonly augmenter: Augmenter | null
  private keeping: Promise<Program> | null = null
  private disposed = false

  static async create(
    gpu: Gpu,
    setup: SessionSetup,
    options: WebgpuOptions,
  ): Promise<WebgpuSession> {
    const { spec, dataset } = setup
    const refusal = webgpuRefusal(spec)
    if (refusal !== null) throw new DeviceError(refusal)
    const network = buildNetwork(spec.model, makeFloat32)
    new PlainState(spec, network, makeFloat32).setParameters(setup.parameters)
    const { optimizer, training } = spec
    if (optimizer.type === 'LBFGS' || optimizer.type === 'Muon' || optimizer.type === 'Adafactor')
      throw new DeviceError(`there is no kernel for ${optimizer.type}`)
    const rule = updateRule(optimizer, firstMomentum(spec), RULE)
    const batch = training.batchSize === 'full' ? trainImagesOf(spec) : training.batchSize
    const capacity = Math.min(batch, MOST_ROWS)
    const rows = Math.max(capacity, EVALUATED_AT_ONCE)
    const plan = planOf({
      spec,
      network,
      rule,
      adapter: gpu.adapter,
      capacity,
      rows,
      activationOf: standIn,
    })
    const scalars = new StepScalars(rule, plan.parameters.groups)
    const frame: KernelFrame = {
      runStride: plan.arena.size,
      tableRows: MOST_TABLE_ROWS,
      tableWords: Math.ceil((TABLE.scalars + scalars.length) / 4) * 4,
    }
    const guests = spec.dataset.augment === null ? EVALUATED_AT_ONCE : Math.max(batch, 8192)
    const buffers = await SessionBuffers.create(gpu, dataset, {
      runs: 1,
      arena: plan.arena.size,
      features: network.inFeatures,
      guests,
      tableRows: MOST_TABLE_ROWS,
      tableWords: frame.tableWords,
      imageRows: Math.max(MOST_IMAGES, batch, dataset.train.count, dataset.test.count),
    })
    try {
      const [trainingProgram, evaluation] = await Promise.all([
        Program.compile(gpu, [...plan.passes, plan.update], frame, 1, {
          begins: true,
          advances: plan.update,
        }),
        Program.compile(gpu, plan.evaluation, frame, 1, { begins: true, advances: null }),
      ])
      const session = new WebgpuSession(gpu, setup, options, {
        network,
        plan,
        frame,
        scalars,
        slots: rule.slots,
        buffers,
        training: trainingProgram,
        evaluation,
        capacity,
        rows,
        guests,
      })
      session.pushState(new Map(), true)
      gpu.check()
      return session
    } catch (error) {
      buffers.destroy()
      throw error
    }
  }

  private constructor(
    gpu: Gpu,
    setup: SessionSetup,
    options: WebgpuOptions,
    parts: {
      readonly network: Network
      readonly plan: Plan
      readonly frame: KernelFrame
      readonly scalars: StepScalars
      readonly slots: readonly { readonly name: string; readonly initial: number }[]
      readonly buffers: SessionBuffers
      readonly training: Program
      readonly evaluation: Program
      readonly capacity: number
      readonly rows: number
      readonly guests: number
    },
  ) {
    this.gpu = gpu
    this.setup = setup
    this.spec = setup.spec
    this.network = parts.network
    this.plan = parts.plan
    this.frame = parts.frame
    this.scalars = parts.scalars
    this.slots = parts.slots
    this.buffers = parts.buffers
    this.training = parts.training
    this.evaluation = parts.evaluation
    this.capacity = parts.capacity
    this.rows = parts.rows
    this.guests = parts.guests
    this.loss = lossOf(this.spec.loss, this.network.outFeatures)
    this.meter = new LayerMeter(this.network.root.children)
    this.pace = new SubmitPace(gpu, options.submitMilliseconds)
    const { augment } = this.spec.dataset
    const { rows, cols } = setup.dataset.train
    this.augmenter =
      augment === null ? null : new Augmenter(augment, this.spec.training.seed, rows, cols)
  }

  async run(block: Block): Promise<BlockReport> {
    const losses: number[] = []
    const hits: number[] = []
    let failure: NumericalFailure | null = null
    let layers: readonly LayerReport[] | null = null
    for (const part of this.partsOf(block)) {
      const report = await this.runPart(block, part.from, part.to)
      losses.push(...report.losses)
      hits.push(...report.hits)
      layers = report.layers ?? layers
      failure = report.failure
      if (failure !== null) break
    }
    return { losses: Float64Array.from(losses), hits: Uint32Array.from(hits), failure, layers }
  }

  async evaluate({ set, indices }: EvaluationRequest): Promise<Evaluation> {
    const images = this.setup.dataset[set]
    const all = indices ?? Uint32Array.from({ length: images.count }, (_, i) => i)
    const first = set === 'train' ? 0 : this.buffers.firstTest
    const { outFeatures } = this.network
    const outputs = await this.outputsOf(all.map((index) => first + index))
    let done = 0
    return evaluateInPieces(
      { loss: this.loss, classes: outFeatures },
      images,
      indices,
      ({ length }) => {
        done += length
        return outputs.subarray((done - length) * outFeatures, done * outFeatures)
      },
    )
  }

  async predict({ pixels, count, activations }: PredictionRequest): Promise<Prediction> {
    const { inFeatures, outFeatures } = this.network
    const outputs = new Float32Array(count * outFeatures)
    let first: Prediction['activations'] = []
    const atOnce = Math.min(this.guests, this.rows)
    for (let from = 0; from < count; from += atOnce) {
      const n = Math.min(atOnce, count - from)
      const guests = Uint32Array.from({ length: n }, (_, i) => this.buffers.firstGuest + i)
      this.buffers.writeImages(pixels.subarray(from * inFeatures), n, this.buffers.firstGuest)
      outputs.set(await this.outputsOf(guests), from * outFeatures)
      if (!activations || from > 0) continue
      // What the layers hold is the last piece, and this is the only one.
      first = await this.firstRowOfLayers()
    }
    return {
      probabilities: probabilitiesOf(
        outputs,
        count,
        outFeatures,
        this.spec.model.layers.at(-1)?.type,
      ),
      activations: first,
    }
  }

  async exportState(): Promise<SessionState> {
    const { parameters } = this.plan
    const regions = [parameters.values, ...parameters.slots]
    const [values, ...slots] = await this.readArena(
      regions.map((offset) => ({ offset, length: parameters.size })),
    )
    const tensors = new Map<string, StateTensor>()
    const numbers: Record<string, number> = { 'optimizer.step': this.scalars.steps }
    for (const stored of parameters.stored) {
      const { name, shape, value } = stored.parameter
      const tensor = (region: Float32Array | undefined) => {
        const data = new Float32Array(value.length)
        unpackRows(stored, region ?? data, data)
        return { shape, data }
      }
      tensors.set(name, tensor(values))
      this.slots.forEach((slot, i) => {
        tensors.set(`optimizer.${name}.${slot.name}`, tensor(slots[i]))
      })
      for (const [key, number] of Object.entries(this.scalars.numbersOf(stored.group)))
        numbers[`optimizer.${name}.${key}`] = number
    }
    return { tensors, numbers }
  }

  async importState(state: SessionState): Promise<void> {
    const plain = new PlainState(this.spec, this.network, makeFloat32)
    plain.import(state)
    this.pushState(state.tensors, false)
    const { stored, groups } = this.plan.parameters
    this.scalars.restore({
      steps: state.numbers['optimizer.step'] ?? 0,
      numbers: groups.map((_, group) => {
        const member = stored.find((parameter) => parameter.group === group)
        const prefix = `optimizer.${member?.parameter.name ?? ''}.`
        return Object.fromEntries(
          Object.entries(state.numbers)
            .filter(([name]) => name.startsWith(prefix))
            .map(([name, value]) => [name.slice(prefix.length), value]),
        )
      }),
    })
    await Promise.resolve()
  }

  dispose(): Promise<void> {
    if (!this.disposed) this.buffers.destroy()
    this.disposed = true
    return Promise.resolve()
  }

  /** Parts of a block that fit into the table, each ending where a step is to be looked at. */
  private partsOf({
    batchEnds,
    diagnoseAt,
  }: Block): { readonly from: number; readonly to: number }[] {
    const parts: { from: number; to: number }[] = []
    const mostImages = this.augmenter === null ? MOST_IMAGES : this.guests
    let from = 0
    let rows = 0
    const endOf = (step: number) => (step < 0 ? 0 : (batchEnds[step] ?? 0))
    for (let step = 0; step < batchEnds.length; step++) {
      const pieces = Math.ceil((endOf(step) - endOf(step - 1)) / this.capacity)
      const images = endOf(step) - endOf(from - 1)
      if (step > from && (rows + pieces > MOST_TABLE_ROWS || images > mostImages)) {
        parts.push({ from, to: step })
        from = step
        rows = 0
      }
      rows += pieces
      if (step === diagnoseAt) {
        parts.push({ from, to: step + 1 })
        from = step + 1
        rows = 0
      }
    }
    if (from < batchEnds.length) parts.push({ from, to: batchEnds.length })
    return parts
  }

  private async runPart(block: Block, from: number, to: number): Promise<BlockReport> {
    const { gpu, buffers, scalars } = this
    const { queue } = gpu.device
    const before = scalars.save()
    const start = from === 0 ? 0 : (block.batchEnds[from - 1] ?? 0)
    const table = new StepTable(block, from, to, {
      capacity: this.capacity,
      wordsPerRow: this.frame.tableWords,
      scalars,
      loss: this.loss,
      labels: this.setup.dataset.train.labels,
      imageAt: (place) =>
        this.augmenter === null ? (block.indices[place] ?? 0) : buffers.firstGuest + place - start,
      averaging: () => [0, 1],
    })
    if (this.augmenter !== null)
      this.distort(this.augmenter, block, start, block.batchEnds[to - 1] ?? 0)
    queue.writeBuffer(buffers.table, 0, table.words as GPUAllowSharedBufferSource)
    queue.writeBuffer(buffers.rows, 0, table.images as GPUAllowSharedBufferSource)
    buffers.resetControl(1)
    const diagnosed = block.diagnoseAt === to - 1
    const plainRows = diagnosed ? table.rows.slice(0, -1) : table.rows
    await this.pace.submit(plainRows, buffers.bindGroup, (pass, row) => {
      this.training.encode(pass, row.rows)
    })
    const looked = diagnosed ? await this.lookAt(table.rows.at(-1)) : null
    const count = table.rows.length
    const [control, metrics] = await gpu.read([
      { buffer: buffers.control, offset: 0, size: CONTROL_WORDS * 4 },
      { buffer: buffers.metrics, offset: 0, size: count * 8 },
    ])
    const failing = new Uint32Array(control ?? new ArrayBuffer(0))[2] ?? 0
    const results = new Float32Array(metrics ?? new ArrayBuffer(0))
    const failed = table.rows[failing]
    const steps = (failed?.step ?? to) - from
    const losses = new Float64Array(steps)
    const hits = new Uint32Array(steps)
    table.rows.forEach(({ step }, i) => {
      if (step - from >= steps) return
      losses[step - from] = (losses[step - from] ?? 0) + (results[i * 2] ?? NaN)
      hits[step - from] = (hits[step - from] ?? 0) + (results[i * 2 + 1] ?? 0)
    })
    if (failed === undefined) return { losses, hits, failure: null, layers: looked }
    scalars.restore(before)
    this.replay(block, from, from + steps)
    return {
      losses,
      hits,
      failure: await this.locate(block.firstStep + failed.step, failed.rows),
      layers: null,
    }
  }

  /** Brings the optimizer's counters to where they were before the step that failed. */
  private replay(block: Block, from: number, to: number): void {
    const groups = block.learningRates.length / block.batchEnds.length
    const scratch = new Float32Array(this.scalars.length)
    for (let step = from; step < to; step++) {
      const lrs = block.learningRates.subarray(step * groups, (step + 1) * groups)
      this.scalars.step(lrs, block.momenta?.[step] ?? null, scratch, 0)
    }
  }

  private distort(augmenter: Augmenter, block: Block, from: number, to: number): void {
    const { train } = this.setup.dataset
    const pixels = train.rows * train.cols
    const images = new Uint8Array((to - from) * pixels)
    for (let place = from; place < to; place++)
      augmenter.augmentInto(
        images,
        (place - from) * pixels,
        train.images,
        block.indices[place] ?? 0,
        block.epoch,
      )
    this.buffers.writeImages(images, to - from, this.buffers.firstGuest)
  }

  /** Takes a step whose gradients are kept, and reports every layer. Null where the step fails. */
  private async lookAt(row: TableRow | undefined): Promise<readonly LayerReport[] | null> {
    if (row === undefined) return null
    this.keeping ??= Program.compile(
      this.gpu,
      [...this.plan.passes, this.plan.keepingUpdate],
      this.frame,
      1,
      { begins: true, advances: this.plan.keepingUpdate },
    )
    const program = await this.keeping
    const { parameters } = this.plan
    const region = { offset: parameters.values, length: parameters.size }
    const [before] = await this.readArena([region])
    await this.pace.submit([row], this.buffers.bindGroup, (pass) => {
      program.encode(pass, row.rows)
    })
    const [after, gradients] = await this.readArena([
      region,
      { offset: parameters.gradients, length: parameters.size },
    ])
    if (before === undefined || after === undefined || gradients === undefined) return null
    this.takeParameters(before)
    for (const stored of parameters.stored) unpackRows(stored, gradients, stored.parameter.grad)
    await this.takeActivations(row.rows)
    this.meter.beforeUpdate(row.rows)
    this.takeParameters(after)
    return this.meter.afterUpdate()
  }

  private async locate(step: number, rows: number): Promise<NumericalFailure> {
    const { parameters } = this.plan
    const [values] = await this.readArena([{ offset: parameters.values, length: parameters.size }])
    if (values !== undefined) this.takeParameters(values)
    await this.takeActivations(rows)
    return locateFailure(this.network.root.children, rows, step)
  }

  private takeParameters(values: Float32Array): void {
    for (const stored of this.plan.parameters.stored)
      unpackRows(stored, values, stored.parameter.value)
  }

  /** Fills the plain network with what the kernels left. */
  private async takeActivations(rows: number): Promise<void> {
    const { layers } = this.plan
    const read = await this.readArena(
      layers.flatMap(({ output, outputGradient }) => [
        { offset: output.offset, length: rows * output.stride },
        { offset: outputGradient.offset, length: rows * outputGradient.stride },
      ]),
    )
    layers.forEach(({ module, output, outputGradient }, i) => {
      if (!(module instanceof Layer)) return
      module.output = dense(read[2 * i], output, rows)
      module.outputGradient = dense(read[2 * i + 1], outputGradient, rows)
    })
    let input: Float32Array | null = null
    for (const layer of this.network.root.children) {
      if (layer instanceof Layer && input !== null) layer.input = input
      input = layer.output as Float32Array
    }
  }

  private async firstRowOfLayers(): Promise<Prediction['activations']> {
    const top = this.network.root.children
    const places = this.plan.layers.filter(({ module }) => top.includes(module))
    const read = await this.readArena(
      places.map(({ output }) => ({ offset: output.offset, length: output.stride })),
    )
    return places.map(({ module, output }, i) => ({
      layer: module.path,
      values: read[i]?.slice(0, output.width) ?? new Float32Array(0),
    }))
  }

  /** [images, outFeatures] outputs in evaluation mode. */
  private async outputsOf(images: Uint32Array): Promise<Float32Array> {
    const { gpu, buffers, rows, plan, frame } = this
    const { queue } = gpu.device
    const { outFeatures } = this.network
    const outputs = new Float32Array(images.length * outFeatures)
    const pieces = Math.ceil(images.length / rows)
    const words = new Uint32Array(frame.tableWords)
    const order = new Uint32Array(images.length * 2)
    images.forEach((image, i) => (order[i * 2] = image))
    queue.writeBuffer(buffers.rows, 0, order)
    for (let piece = 0; piece < pieces; piece++) {
      const n = Math.min(rows, images.length - piece * rows)
      words[TABLE.firstImage] = piece * rows
      words[TABLE.rowCount] = n
      queue.writeBuffer(buffers.table, 0, words)
      buffers.resetControl(1)
      const encoder = gpu.device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      pass.setBindGroup(0, buffers.bindGroup)
      this.evaluation.encode(pass, n)
      pass.end()
      queue.submit([encoder.finish()])
      const [read] = await this.readArena([
        { offset: plan.output.offset, length: n * plan.output.stride },
      ])
      outputs.set(dense(read, plan.output, n), piece * rows * outFeatures)
    }
    return outputs
  }

  private async readArena(
    ranges: readonly { readonly offset: number; readonly length: number }[],
  ): Promise<Float32Array[]> {
    const { gpu, buffers } = this
    const read = await gpu.read(
      ranges.map(({ offset, length }) => ({
        buffer: buffers.arena,
        offset: offset * 4,
        size: length * 4,
      })),
    )
    return read.map((bytes) => new Float32Array(bytes))
  }

  /** Writes the network's parameters and the optimizer's slots, from `tensors` or fresh. */
  private pushState(tensors: SessionState['tensors'], fresh: boolean): void {
    const { parameters } = this.plan
    const { queue } = this.gpu.device
    const region = new Float32Array(parameters.size)
    const write = (offset: number) => {
      queue.writeBuffer(this.buffers.arena, offset * 4, region)
    }
    for (const stored of parameters.stored) packRows(stored, stored.parameter.value, region)
    write(parameters.values)
    this.slots.forEach((slot, i) => {
      region.fill(0)
      for (const stored of parameters.stored) {
        const found = tensors.get(`optimizer.${stored.parameter.name}.${slot.name}`)
        const initial = fresh
          ? new Float32Array(stored.parameter.value.length).fill(slot.initial)
          : (found?.data ?? [])
        packRows(stored, initial, region)
      }
      write(parameters.slots[i] ?? 0)
    })
  }
}

/** [rows, width] without the padding. */
function dense(
  values: Float32Array | undefined,
  { width, stride }: Matrix,
  rows: number,
): Float32Array {
  const result = new Float32Array(rows * width)
  if (values !== undefined) unpackRows({ offset: 0, rows, width, stride }, values, result)
  return result
}
