import { buildNetwork } from '#core/nn/build-network'
import { lossOf } from '#core/nn/losses/loss-of'
import { BatchNorm1d } from '#core/nn/modules/batch-norm1d'
import { trainImagesOf } from '#core/optim/run-length'
import type { RunSpec } from '#core/spec/run-spec'
import type { MakeFloats } from '#core/tensor/floats'
import { hollowFloats } from '#core/tensor/hollow-floats'
import { MOST_BLOCK_STEPS, type SessionSetup } from '../backend'
import { EVALUATED_AT_ONCE } from '../evaluate-in-pieces'
import { PlainState } from '../plain-state'
import { bookOf, chooseTiles } from './choose-tiles'
import type { Gpu } from './gpu'
import { checkGroup } from './group-specs'
import { type KernelFrame, TABLE } from './kernel'
import { Optimizers } from './optimizers'
import { type Plan, planOf } from './plan'
import { Program } from './program'
import { RunGroup } from './run-group'
import type { Programs } from './run-group-options'
import { RunMemory } from './run-memory'
import { SessionBuffers } from './session-buffers'
import { StepScalars } from './step-scalars'
import { SubmitPace } from './submit-pace'
import type { TileBook } from './tile-book'
import type { WebgpuOptions } from './webgpu-options'
import { WebgpuSession } from './webgpu-session'

/** Batches larger than this are worked off in pieces, unless a layer looks at the whole batch. */
const MOST_ROWS = 4096
/** Images whose order is known to the GPU at a time. */
const MOST_IMAGES = 2 ** 18
/** Distorted images that are ready at a time. */
const MOST_DISTORTED = 8192

const makeFloat32 = (length: number): Float32Array => new Float32Array(length)

/**
 * Opens one session for each setup; they share the device's memory and every kernel. What their specs may differ in:
 * group-specs.ts.
 */
export async function openRuns(
  gpu: Gpu,
  setups: readonly SessionSetup[],
  options: WebgpuOptions,
  /** Of the plain networks; those that hold nothing (hollowFloats) are not written to the device either. */
  make: MakeFloats = makeFloat32,
): Promise<{ readonly group: RunGroup; readonly sessions: readonly WebgpuSession[] }> {
  const [first] = setups
  if (first === undefined) throw new RangeError('expected at least one run')
  checkGroup(setups)
  const { spec, dataset } = first
  const runs = setups.length
  const networks = setups.map((setup) => {
    const network = buildNetwork(setup.spec.model, make)
    new PlainState(setup.spec, network, make).setParameters(setup.parameters)
    return network
  })
  const [network] = networks
  if (network === undefined) throw new RangeError('expected at least one run')
  const specs = setups.map((setup) => setup.spec)
  const optimizers = new Optimizers(specs, network)
  const batch = spec.training.batchSize === 'full' ? trainImagesOf(spec) : spec.training.batchSize
  const batchNorms = network.layers.filter((layer) => layer instanceof BatchNorm1d)
  const capacity = batchNorms.length > 0 ? batch : Math.min(batch, MOST_ROWS)
  const rows = Math.max(capacity, EVALUATED_AT_ONCE)
  const planWith = (tiles: TileBook) =>
    planOf({ specs, network, optimizers, tiles, capacity, inPieces: batch > capacity, rows })
  const plan = planWith(bookOf(gpu, new Map()))
  const scalars = specs.map((_, run) => new StepScalars(optimizers, run))
  const frame: KernelFrame = {
    runStride: plan.arena.size,
    tableRows: MOST_BLOCK_STEPS,
    tableWords: Math.ceil((TABLE.scalars + (scalars[0]?.length ?? 0)) / 4) * 4,
  }
  const guests = spec.dataset.augment === null ? EVALUATED_AT_ONCE : Math.max(batch, MOST_DISTORTED)
  const imageRows = Math.max(MOST_IMAGES, batch)
  const buffers = await SessionBuffers.create(gpu, dataset, {
    runs,
    arena: plan.arena.size,
    features: network.inFeatures,
    guests: runs * guests,
    tableRows: MOST_BLOCK_STEPS,
    tableWords: frame.tableWords,
    imageRows: runs * imageRows,
  })
  try {
    const names = await chooseTiles({
      gpu,
      options,
      earlier: new Map(Object.entries(first.tiles ?? {})),
      planWith,
      compileStep: (own) => compileStep(gpu, own, frame, runs),
      timer: { buffers, frame, runs, rows: capacity, scalars: firstScalars(optimizers, spec) },
    })
    const book = bookOf(gpu, names)
    const programs = await compile(gpu, planWith(book), frame, runs)
    const members = setups.map((setup, run) => ({
      spec: setup.spec,
      loss: lossOf(setup.spec.loss, network.outFeatures),
      scalars: scalars[run] ?? new StepScalars(optimizers, run),
      memory: new RunMemory(gpu, plan, buffers, networks[run] ?? network, run),
    }))
    const pace = new SubmitPace(gpu, options.submitMilliseconds)
    const group = new RunGroup({
      gpu,
      dataset,
      members,
      programs,
      buffers,
      frame,
      pace,
      capacity,
      rows,
      evaluated: batchNorms.some(({ running }) => running === null) ? EVALUATED_AT_ONCE : rows,
      batchNorm: batchNorms[0]?.path ?? null,
      guests,
      imageRows,
    })
    if (make !== hollowFloats) for (const { memory } of members) memory.push(new Map())
    const tiles = Object.fromEntries(book.names)
    let open = runs
    const release = () => {
      open -= 1
      if (open === 0) buffers.destroy()
    }
    gpu.check()
    return {
      group,
      sessions: members.map((member, run) => new WebgpuSession(group, member, run, tiles, release)),
    }
  } catch (error) {
    buffers.destroy()
    throw error
  }
}

/** What the optimizers read in their first step. */
function firstScalars(optimizers: Optimizers, { optimizer }: RunSpec): Float32Array {
  const scalars = new StepScalars(optimizers, 0)
  const out = new Float32Array(scalars.length)
  const learningRates = Float64Array.from(optimizers.runs[0] ?? [], () => optimizer.lr)
  scalars.step({ learningRates, momenta: null, batchEnds: Uint32Array.of(1) }, 0, out, 0)
  return out
}

function compileStep(gpu: Gpu, plan: Plan, frame: KernelFrame, runs: number): Promise<Program> {
  const { passes, update } = plan
  return Program.compile(gpu, [...passes, update], frame, runs, { begins: true, advances: update })
}

async function compile(gpu: Gpu, plan: Plan, frame: KernelFrame, runs: number): Promise<Programs> {
  const { passes, update, keepingUpdate, afterwards, evaluation, fold } = plan
  const program = (kernels: Parameters<typeof Program.compile>[1], begins: boolean) =>
    Program.compile(gpu, kernels, frame, runs, { begins, advances: update })
  const [step, after, evaluating, folding] = await Promise.all([
    compileStep(gpu, plan, frame, runs),
    program(afterwards, false),
    program(evaluation, true),
    fold === null ? null : program([fold], true),
  ])
  let keeping: Promise<Program> | null = null
  return {
    step,
    afterwards: after,
    evaluation: evaluating,
    fold: folding,
    keepingStep: () =>
      (keeping ??= Program.compile(gpu, [...passes, keepingUpdate], frame, runs, {
        begins: true,
        advances: keepingUpdate,
      })),
  }
}
