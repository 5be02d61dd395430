import { ShapeError } from '#core/nn/shape-error'
import type { Block, BlockReport, NumericalFailure } from '../backend'
import { BatchAugmenter } from '../cpu/batch-augmenter'
import { LayerMeter } from '../layer-meter'
import type { LayerReport } from '../layer-report'
import { locateFailure } from '../locate-failure'
import { type BlockPart, endOf, partsOf } from './block-parts'
import { GrowingReport } from './growing-report'
import { CONTROL_WORDS, TABLE } from './kernel'
import { outputsOf } from './outputs'
import type { Program } from './program'
import type { RunGroupOptions } from './run-group-options'
import type { Steps } from './submit-pace'
import { sumPieces } from './sum-pieces'
import { StepTable, type TableRow } from './step-table'

/** Runs of one shape on one device: what one kernel does, it does for all of them. */
export class RunGroup {
  readonly options: RunGroupOptions
  private readonly meters: readonly LayerMeter[]
  private readonly augmenters: readonly (BatchAugmenter | null)[]
  /** How often the parameters of each run were taken into its averages. */
  private readonly averaged: number[]

  constructor(options: RunGroupOptions) {
    const { members, dataset } = options
    this.options = options
    this.meters = members.map(({ memory }) => new LayerMeter(memory.network.root.children))
    this.augmenters = members.map(({ spec }) =>
      spec.dataset.augment === null
        ? null
        : new BatchAugmenter(spec.dataset.augment, spec.training.seed, dataset.train),
    )
    this.averaged = members.map(() => 0)
  }

  averagesTaken(run: number): number {
    return this.averaged[run] ?? 0
  }

  setAveragesTaken(run: number, taken: number): void {
    this.averaged[run] = taken
  }

  /** Takes the steps of one block for each run; all of them have as many batches of the same sizes. */
  async run(blocks: readonly Block[]): Promise<BlockReport[]> {
    const { members, capacity, frame, guests, imageRows } = this.options
    const [first] = blocks
    if (first === undefined || blocks.length !== members.length)
      throw new RangeError(`expected ${members.length} blocks, got ${blocks.length}`)
    for (const { batchEnds } of blocks.slice(1))
      if (batchEnds.join() !== first.batchEnds.join())
        throw new RangeError('the runs of a group take batches of the same sizes')
    const { batchNorm } = this.options
    if (batchNorm !== null && first.batchEnds.some((end, i) => end - endOf(first, i - 1) === 1))
      throw new ShapeError(
        `BatchNorm1d (layer ${batchNorm}) expects more than 1 row in training, got 1`,
      )
    const mostImages = this.augmenters[0] === null ? imageRows : guests
    const reports = blocks.map(() => new GrowingReport())
    const looksAt = new Set(blocks.map(({ diagnoseAt }) => diagnoseAt ?? -1))
    for (const part of partsOf(first.batchEnds, looksAt, {
      capacity,
      tableRows: frame.tableRows,
      images: mostImages,
    })) {
      const results = await this.runPart(blocks, part)
      results.forEach((result, run) => reports[run]?.add(result))
      if (reports.every(({ failure }) => failure !== null)) break
    }
    await this.foldAverages(
      blocks.map(({ foldAverage }, run) => foldAverage && reports[run]?.failure === null),
    )
    return reports.map((report) => report.done())
  }

  /** [images, outFeatures] outputs of a run in evaluation mode. */
  outputsOf(run: number, images: Uint32Array): Promise<Float32Array> {
    return outputsOf(this.options, run, images)
  }

  private async runPart(
    blocks: readonly Block[],
    part: BlockPart,
  ): Promise<readonly BlockReport[]> {
    const { gpu, members, buffers, frame, programs, pace } = this.options
    const before = members.map(({ scalars }) => scalars.save())
    const tables = blocks.map((block, run) => this.tableOf(block, run, part))
    const rows = tables[0]?.rows ?? []
    buffers.resetControl(members.map(() => true))
    const submit = (program: Program, from: number, to: number) =>
      pace.submit(
        { from, to },
        buffers.bindGroup,
        (steps) => {
          tables.forEach((table, run) => {
            this.upload(table, run, steps)
          })
        },
        (pass, i) => {
          const row = rows[i]
          if (row === undefined) return
          program.encode(pass, row.rows)
          if (row.last) programs.afterwards.encode(pass, row.rows)
        },
      )
    const looks = blocks.some(({ diagnoseAt }) => diagnoseAt === part.to - 1)
    const lastStep = looks ? rows.findIndex(({ step }) => step === part.to - 1) : rows.length
    await submit(programs.step, 0, lastStep)
    const looked = looks
      ? await this.look(blocks, part, rows, async () => {
          await submit(await programs.keepingStep(), lastStep, rows.length)
        })
      : []
    const [control, metrics] = await gpu.read([
      { buffer: buffers.control, offset: 0, size: members.length * CONTROL_WORDS * 4 },
      {
        buffer: buffers.metrics,
        offset: 0,
        size: ((members.length - 1) * frame.tableRows + rows.length) * 8,
      },
    ])
    const counters = new Uint32Array(control ?? new ArrayBuffer(0))
    const results = new Float32Array(metrics ?? new ArrayBuffer(0))
    const reports: BlockReport[] = []
    for (const [run, block] of blocks.entries()) {
      const failed = rows[counters[run * CONTROL_WORDS + 2] ?? 0] ?? null
      const steps = (failed?.step ?? part.to) - part.from
      const sums = sumPieces(results.subarray(run * frame.tableRows * 2), rows, part.from, steps)
      const saved = before[run]
      if (failed !== null && saved !== undefined)
        members[run]?.scalars.replay(saved, block, part.from, steps)
      this.countAverages(run, steps)
      reports.push({
        ...sums,
        failure:
          failed === null
            ? null
            : await this.locate(run, block.firstStep + failed.step, failed.rows),
        layers: failed === null ? (looked[run] ?? null) : null,
      })
    }
    return reports
  }

  private tableOf(block: Block, run: number, part: BlockPart): StepTable {
    const { members, buffers, frame, capacity, dataset, guests, imageRows } = this.options
    const member = members[run]
    if (member === undefined) throw new RangeError(`there is no run ${run}`)
    const augmenter = this.augmenters[run] ?? null
    const start = endOf(block, part.from - 1)
    const end = endOf(block, part.to - 1)
    const firstGuest = buffers.firstGuest + run * guests
    if (augmenter !== null)
      buffers.writeImages(
        augmenter.augmented(block.indices.subarray(start, end), block.epoch),
        end - start,
        firstGuest,
      )
    const ema = member.spec.training.averaging
    const taken = this.averagesTaken(run)
    const begun = member.scalars.steps
    return new StepTable(block, part, {
      capacity,
      wordsPerRow: frame.tableWords,
      scalars: member.scalars,
      loss: member.loss,
      labels: dataset.train.labels,
      seed: member.spec.training.seed,
      firstRow: run * imageRows,
      firstMetric: run * frame.tableRows,
      imageAt: (place) =>
        augmenter === null ? (block.indices[place] ?? 0) : firstGuest + place - start,
      averaging: (steps) =>
        ema?.type !== 'EMA' || taken + steps - begun === 0 ? [0, 1] : [ema.decay, 1 - ema.decay],
    })
  }

  /** Fills the rows of the table that are submitted next, and gives them to the GPU. */
  private upload(table: StepTable, run: number, { from, count }: Steps): void {
    const { gpu, buffers, frame, imageRows } = this.options
    const { queue } = gpu.device
    const { words, images, rows } = table
    const last = rows[from + count - 1]
    const first = rows[from]?.first ?? 0
    table.fill(from + count)
    queue.writeBuffer(
      buffers.table,
      (run * frame.tableRows + from) * frame.tableWords * 4,
      words as GPUAllowSharedBufferSource,
      from * frame.tableWords,
      count * frame.tableWords,
    )
    queue.writeBuffer(
      buffers.rows,
      (run * imageRows + first) * 8,
      images as GPUAllowSharedBufferSource,
      first * 2,
      ((last?.first ?? 0) + (last?.rows ?? 0) - first) * 2,
    )
  }

  /** Takes a step whose gradients are kept, and reports the layers of the runs that asked for it. */
  private async look(
    blocks: readonly Block[],
    part: BlockPart,
    rows: readonly TableRow[],
    take: () => Promise<void>,
  ): Promise<readonly (readonly LayerReport[] | null)[]> {
    const { members } = this.options
    const before = await Promise.all(members.map(({ memory }) => memory.readValues()))
    await take()
    const reports: (readonly LayerReport[] | null)[] = []
    for (const [run, { memory }] of members.entries()) {
      const meter = this.meters[run]
      const values = before[run]
      if (blocks[run]?.diagnoseAt !== part.to - 1 || meter === undefined || values === undefined) {
        reports.push(null)
        continue
      }
      const n = rows.at(-1)?.rows ?? 0
      memory.takeValues(values)
      memory.takeGradients(await memory.readGradients())
      await memory.takeLayers(n)
      meter.beforeUpdate(n)
      memory.takeValues(await memory.readValues())
      reports.push(meter.afterUpdate())
    }
    return reports
  }

  private async locate(run: number, step: number, rows: number): Promise<NumericalFailure> {
    const memory = this.options.members[run]?.memory
    if (memory === undefined) throw new RangeError(`there is no run ${run}`)
    memory.takeValues(await memory.readValues())
    await memory.takeLayers(rows)
    return locateFailure(memory.network.root.children, rows, step)
  }

  private countAverages(run: number, steps: number): void {
    if (this.options.members[run]?.spec.training.averaging?.type === 'EMA')
      this.setAveragesTaken(run, this.averagesTaken(run) + steps)
  }

  /** Takes the parameters of the runs that ask for it into their SWA average: average + (value - average) / (taken + 1). */
  private async foldAverages(wanted: readonly boolean[]): Promise<void> {
    const { gpu, members, buffers, frame, programs } = this.options
    if (programs.fold === null || !wanted.includes(true)) return
    for (const [run] of members.entries()) {
      const words = new Uint32Array(frame.tableWords)
      const floats = new Float32Array(words.buffer)
      const fresh = 1 / (this.averagesTaken(run) + 1)
      floats[TABLE.averageKeep] = 1 - fresh
      floats[TABLE.averageTake] = fresh
      gpu.device.queue.writeBuffer(
        buffers.table,
        run * frame.tableRows * frame.tableWords * 4,
        words,
      )
      if (wanted[run] === true) this.setAveragesTaken(run, this.averagesTaken(run) + 1)
    }
    buffers.resetControl(wanted)
    programs.fold.submit(gpu, buffers.bindGroup, 0)
    await Promise.resolve()
  }
}
