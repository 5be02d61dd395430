/**
 * Runs one spec on one session: decides the order of the images, the rates of each step, when to validate, to write a
 * checkpoint and to stop. It computes nothing itself and knows no device. The weights do not depend on how steps are
 * grouped into blocks, nor on pauses, nor on checkpoints.
 */
import type {
  Block,
  BlockReport,
  Evaluation,
  Prediction,
  PredictionRequest,
  Session,
} from '#core/backend/backend'
import { SessionLostError } from '#core/backend/remote-session'
import { trainable } from '#core/backend/trainable'
import { baseMomentumOf } from '#core/optim/momentum'
import { parameterGroups } from '#core/optim/parameter-groups'
import { createSchedule, monitorOf, type Schedule } from '#core/optim/schedule'
import type { RunSpec } from '#core/spec/run-spec'
import { Mt19937 } from '#core/tensor/mt19937'
import { BlockPlanner } from './block-planner'
import type { EpochSums, TrainerCheckpoint } from './checkpoint'
import { Cursor } from './cursor'
import { EpochWatch, monitoredValue } from './early-stopping'
import { evaluationRequest } from './evaluation-request'
import { drawParameters, toStateTensor } from './initial-parameters'
import { accuracyOf, addBatches, epochRecordOf, noSums } from './metrics'
import { nextBlock } from './next-block'
import type { FailureReason, RunProgress, RunState, TestRecord } from './run-state'
import { progressOf } from './progress'
import type { TrainerSignal } from './signal'
import type { TrainerOptions } from './trainer-options'

/** How far `advance` goes before it pauses by itself. */
type Goal = { readonly until: 'end' } | { readonly until: 'step' } | { readonly until: 'epoch' }

/** Draws the first parameters, opens a session and, where asked to, puts it at a checkpoint. */
export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const { spec, dataset, backend } = options
  const generator = new Mt19937(spec.training.seed)
  const drawn = drawParameters(spec.model, generator)
  const baseLrs = parameterGroups(spec.optimizer, drawn.map(trainable)).map(({ lr }) => lr)
  const parameters = options.initial ?? new Map(drawn.map(toStateTensor))
  const session = await backend.createSession({ spec, dataset, parameters })
  const trainer = new Trainer(options, session, generator, baseLrs)
  if (options.resume !== undefined) await trainer.restore(options.resume)
  return trainer
}

export class Trainer {
  private readonly options: TrainerOptions
  private readonly spec: RunSpec
  private readonly session: Session
  private readonly cursor: Cursor
  private readonly schedule: Schedule
  private readonly watch: EpochWatch
  private readonly planner: BlockPlanner

  private current: RunState = { phase: 'idle' }
  private wish: 'pause' | 'stop' | null = null
  private working: Promise<RunState> | null = null

  private sums: EpochSums = noSums
  private bestCheckpoint: TrainerCheckpoint | null
  private lastCheckpointAt: number
  private stepAtLastCheckpoint = -1

  /** baseLrs: the rate of each parameter group; generator: as it stands after the parameters were drawn. */
  constructor(
    options: TrainerOptions,
    session: Session,
    generator: Mt19937,
    baseLrs: readonly number[],
  ) {
    const { spec, dataset } = options
    this.options = options
    this.spec = spec
    this.session = session
    if (spec.dataset.trainSize > dataset.train.count)
      throw new RangeError(
        `trainSize ${spec.dataset.trainSize}, but ${dataset.name} has ${dataset.train.count} training images`,
      )
    this.cursor = new Cursor(spec, generator)
    this.schedule = createSchedule(spec.scheduler, {
      baseLrs,
      baseMomentum: baseMomentumOf(spec.optimizer),
      epochs: spec.training.epochs,
      stepsPerEpoch: this.cursor.batches,
      averaging: spec.training.averaging,
    })
    this.bestCheckpoint = options.resumeBest ?? null
    this.watch = new EpochWatch(spec)
    this.planner = new BlockPlanner(options.blockMilliseconds ?? 15)
    this.lastCheckpointAt = options.clock()
  }

  get state(): RunState {
    return this.current
  }

  get progress(): RunProgress {
    return progressOf(this.cursor, this.spec.training.epochs, this.planner.millisecondsPerStep)
  }

  /** Trains on; resolves when the run is paused, ends or fails. */
  run(): Promise<RunState> {
    return this.advance({ until: 'end' })
  }

  /** One optimizer step, then paused. */
  async takeStep(): Promise<RunState> {
    return this.advance({ until: 'step' })
  }

  /** To the end of the present epoch, then paused. */
  async takeEpoch(): Promise<RunState> {
    return this.advance({ until: 'epoch' })
  }

  /** Asks a running training to pause; resolves when it has. */
  async pause(): Promise<RunState> {
    if (this.working === null) return this.current
    this.wish ??= 'pause'
    return this.working
  }

  /** Ends the run for good, with a last checkpoint; resolves when it is written. */
  async stop(): Promise<RunState> {
    if (this.working !== null) {
      this.wish = 'stop'
      return this.working
    }
    if (this.current.phase === 'idle' || this.current.phase === 'paused')
      await this.end({ phase: 'stopped' })
    return this.current
  }

  async checkpoint(): Promise<TrainerCheckpoint> {
    return {
      session: await this.session.exportState(),
      position: {
        ...this.cursor.save(),
        sums: this.sums,
        schedule: this.schedule.exportState(),
        ...this.watch.save(),
      },
    }
  }

  /** Puts the run where `checkpoint` was taken, paused. */
  async restore(checkpoint: TrainerCheckpoint): Promise<void> {
    const { position, session } = checkpoint
    await this.session.importState(session)
    this.cursor.restore(position)
    this.sums = position.sums
    this.schedule.importState(position.schedule)
    this.watch.restore(position)
    this.stepAtLastCheckpoint = position.step
    this.current = { phase: 'paused' }
    await this.emit({
      type: 'notice',
      level: 'info',
      notice: { kind: 'resumed', step: this.cursor.step },
    })
  }

  async evaluateTest(): Promise<TestRecord> {
    const evaluation = await this.evaluate('test', null)
    return {
      testLoss: evaluation.loss,
      testAccuracy: accuracyOf(evaluation),
      confusion: [...evaluation.confusion],
    }
  }

  predict(request: PredictionRequest): Promise<Prediction> {
    this.planner.noteQuestion(this.options.clock())
    return this.session.predict(request)
  }

  dispose(): Promise<void> {
    return this.session.dispose()
  }

  private advance(goal: Goal): Promise<RunState> {
    if (this.working !== null) return this.working
    if (this.current.phase !== 'idle' && this.current.phase !== 'paused')
      return Promise.resolve(this.current)
    this.working = this.work(goal)
      .catch(async (error: unknown) => {
        await this.enter({ phase: 'failed', reason: this.reasonOf(error) })
      })
      .then(() => {
        this.working = null
        return this.current
      })
    return this.working
  }

  /** A session that is gone is the device's failure; everything else is ours. */
  private reasonOf(error: unknown): FailureReason {
    const message = error instanceof Error ? error.message : String(error)
    return error instanceof SessionLostError
      ? { kind: 'device', device: this.options.backend.device, message }
      : { kind: 'error', message }
  }

  private async work(goal: Goal): Promise<void> {
    this.wish = null
    await this.enter({ phase: 'running' })
    const { epochs } = this.spec.training
    while (this.cursor.epoch < epochs) {
      const epochBefore = this.cursor.epoch
      const failed = await this.runBlock(goal.until === 'step' ? 1 : Infinity)
      if (failed) return
      if (this.cursor.atEpochEnd && (await this.finishEpoch())) return
      const reached =
        goal.until === 'step' || (goal.until === 'epoch' && this.cursor.epoch > epochBefore)
      const over = this.cursor.epoch >= epochs
      const wish = this.presentWish()
      if (wish === 'stop' && !over) return this.end({ phase: 'stopped' })
      if ((wish === 'pause' || reached) && !over)
        return this.pauseHere(wish !== 'pause' && goal.until === 'step')
      await this.checkpointIfDue()
    }
    await this.end({ phase: 'finished' })
  }

  /** What pause() or stop() asked for while a block ran. */
  private presentWish(): 'pause' | 'stop' | null {
    return this.wish
  }

  /** Takes the next block of steps. Returns true where the numbers broke and the run has failed. */
  private async runBlock(mostSteps: number): Promise<boolean> {
    const { clock } = this.options
    const begun = clock()
    const planned = Math.min(mostSteps, this.planner.next(this.cursor.batches, begun))
    const { training } = this.spec
    const { block, sizes, lrs } = nextBlock(training, this.cursor, this.schedule, planned)
    const report = await this.session.run(block)
    const milliseconds = clock() - begun
    const done = report.losses.length
    if (done > 0) {
      this.planner.record(done, milliseconds)
      this.sums = addBatches(this.sums, report.losses, report.hits, sizes, milliseconds / 1000)
      this.cursor.moveBy(done)
      await this.emit({
        type: 'steps',
        firstStep: this.cursor.step - done + 1,
        losses: [...report.losses],
        accuracies: Array.from(report.hits, (hits, i) => hits / (sizes[i] ?? 1)),
        lrs: lrs.slice(0, done),
        progress: this.progress,
      })
    }
    await this.reportLayers(block, report)
    if (report.failure === null) return false
    await this.enter({ phase: 'failed', reason: { kind: 'diverged', ...report.failure } })
    return true
  }

  private async reportLayers(block: Block, report: BlockReport): Promise<void> {
    if (report.layers === null || block.diagnoseAt === null) return
    const step = block.firstStep + block.diagnoseAt + 1
    await this.emit({ type: 'layers', step, reports: report.layers })
  }

  /** Validates and records the epoch. Returns true where early stopping ended the run. */
  private async finishEpoch(): Promise<boolean> {
    const { sums } = this
    const lr = this.schedule.rates().lrs[0] ?? 0
    const validation =
      this.cursor.val.length > 0 ? await this.evaluate('train', this.cursor.val) : null
    this.cursor.beginNextEpoch()
    this.sums = noSums
    const { epoch, step } = this.cursor
    const record = epochRecordOf({ epoch, step, lr }, sums, validation)
    const monitor = monitorOf(this.spec.scheduler)
    this.schedule.onEpoch(monitor === null ? undefined : monitoredValue(monitor, record))
    const better = this.watch.note(record)
    await this.emit({ type: 'epoch', record })
    const checkpoint = await this.writeCheckpoint({ best: better, final: false })
    if (better && this.spec.training.earlyStopping?.restoreBest === true)
      this.bestCheckpoint = checkpoint
    if (!this.watch.isOver) return false
    await this.stopEarly()
    return true
  }

  private async stopEarly(): Promise<void> {
    if (this.bestCheckpoint !== null) await this.session.importState(this.bestCheckpoint.session)
    await this.emit({
      type: 'notice',
      level: 'info',
      notice: {
        kind: 'early-stopping',
        epoch: this.cursor.epoch,
        bestEpoch: this.watch.bestEpoch ?? this.cursor.epoch,
        monitor: this.watch.monitor,
      },
    })
    await this.end({ phase: 'finished' })
  }

  private async checkpointIfDue(): Promise<void> {
    const due = this.lastCheckpointAt + (this.options.checkpointMilliseconds ?? 10_000)
    if (this.options.clock() >= due) await this.writeCheckpoint({ best: false, final: false })
  }

  private async writeCheckpoint(kind: {
    readonly best: boolean
    readonly final: boolean
  }): Promise<TrainerCheckpoint> {
    const checkpoint = await this.checkpoint()
    await this.emit({ type: 'checkpoint', checkpoint, ...kind })
    this.lastCheckpointAt = this.options.clock()
    this.stepAtLastCheckpoint = this.cursor.step
    return checkpoint
  }

  /** Single steps follow each other quickly: they write a checkpoint only when one is due. */
  private async pauseHere(afterStep: boolean): Promise<void> {
    if (afterStep) await this.checkpointIfDue()
    else if (this.stepAtLastCheckpoint !== this.cursor.step)
      await this.writeCheckpoint({ best: false, final: false })
    await this.enter({ phase: 'paused' })
  }

  private async end(state: RunState): Promise<void> {
    // Before the checkpoint, which keeps the running statistics that an averaged net is tested with.
    const record = state.phase === 'finished' ? await this.evaluateTest() : null
    await this.writeCheckpoint({ best: false, final: true })
    if (record !== null) await this.emit({ type: 'test', record })
    await this.enter(state)
  }

  private evaluate(set: 'train' | 'test', indices: Uint32Array | null): Promise<Evaluation> {
    return this.session.evaluate(evaluationRequest(this.spec, this.cursor, set, indices))
  }

  private async enter(state: RunState): Promise<void> {
    this.current = state
    await this.emit({ type: 'state', state, progress: this.progress })
  }

  private async emit(signal: TrainerSignal): Promise<void> {
    await this.options.onEvent(signal)
  }
}
