import type {
  Backend,
  Block,
  BlockReport,
  Evaluation,
  EvaluationRequest,
  Prediction,
  PredictionRequest,
  Session,
  SessionSetup,
  SessionState,
} from './backend'
import { deviceProblem } from './device-problem'
import { SessionLostError } from './remote-session'
import type { Survival } from './survival'

/** Keeping a state may take this part of the time. */
const SHARE_FOR_KEEPING = 0.02
const USUAL_KEEP_MILLISECONDS = 5000
/** Blocks are kept with their lists of images: so many images at most. */
const MOST_IMAGES = 2 ** 22

interface Place {
  readonly backend: Backend
  readonly session: Session
}

/**
 * Keeps the session's state now and then, and the blocks that were run since. When the device is lost, a new session is put at that
 * state, takes the same blocks again and answers what the lost one was asked. A block decides its steps alone, so on a device of the
 * same kind every number comes out as it would have without the loss.
 */
export class SurvivingSession implements Session {
  private readonly setup: SessionSetup
  private readonly survival: Survival
  private readonly next: (losses: number) => Promise<Backend>
  private place: Place
  private recovering: Promise<void> | null = null
  /** Null: as it was created. */
  private kept: SessionState | null = null
  private keptAt: number
  private keepingTook = 0
  private readonly since: Block[] = []
  private images = 0
  private step = 0
  /** Losses since a state was kept last. */
  private losses = 0

  constructor(
    setup: SessionSetup,
    place: Place,
    survival: Survival,
    next: (losses: number) => Promise<Backend>,
  ) {
    this.setup = setup
    this.place = place
    this.survival = survival
    this.next = next
    this.keptAt = survival.clock()
  }

  async run(block: Block): Promise<BlockReport> {
    this.step = block.firstStep
    const report = await this.attempt((session) => session.run(block))
    this.step += report.losses.length
    this.since.push(block)
    this.images += block.indices.length
    if (this.isDue()) await this.exportState()
    return report
  }

  evaluate(request: EvaluationRequest): Promise<Evaluation> {
    return this.attempt((session) => session.evaluate(request))
  }

  predict(request: PredictionRequest): Promise<Prediction> {
    return this.attempt((session) => session.predict(request))
  }

  async exportState(): Promise<SessionState> {
    const begun = this.survival.clock()
    const state = await this.attempt((session) => session.exportState())
    this.keepingTook = this.survival.clock() - begun
    this.keep(state)
    return state
  }

  async importState(state: SessionState): Promise<void> {
    await this.attempt((session) => session.importState(state))
    this.step = state.numbers['optimizer.step'] ?? this.step
    this.keep(state)
  }

  async dispose(): Promise<void> {
    try {
      await this.place.session.dispose()
    } catch (error) {
      // What is lost needs no end.
      if (!(error instanceof SessionLostError)) throw error
    }
  }

  private keep(state: SessionState): void {
    this.kept = state
    this.keptAt = this.survival.clock()
    this.since.length = 0
    this.images = 0
    this.losses = 0
  }

  private isDue(): boolean {
    const { keepMilliseconds = USUAL_KEEP_MILLISECONDS, clock } = this.survival
    const interval = Math.max(keepMilliseconds, this.keepingTook / SHARE_FOR_KEEPING)
    return clock() - this.keptAt >= interval || this.images >= MOST_IMAGES
  }

  private async attempt<T>(act: (session: Session) => Promise<T>): Promise<T> {
    for (;;) {
      await this.recovering
      const { session } = this.place
      try {
        return await act(session)
      } catch (error) {
        if (!(error instanceof SessionLostError)) throw error
        // Another call may have noticed, and even mended it, before.
        if (session !== this.place.session) continue
        this.recovering ??= this.recover(error.message).finally(() => {
          this.recovering = null
        })
      }
    }
  }

  private async recover(reason: string): Promise<void> {
    const from = this.place.backend.device
    let why = reason
    for (;;) {
      this.losses += 1
      const backend = await this.nextPlace(why)
      try {
        this.place = { backend, session: await this.replay(backend) }
        break
      } catch (error) {
        // The CPU is the last resort: what it cannot do is an error, and no other device is asked.
        if (backend.device === 'cpu' || !(error instanceof Error)) throw error
        why = error.message
      }
    }
    const step = this.since[0]?.firstStep ?? this.step
    const to = this.place.backend.device
    this.survival.onLoss({ from, to, step, lostAt: this.step, reason: why })
  }

  private async nextPlace(reason: string): Promise<Backend> {
    try {
      return await this.next(this.losses)
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause)
      throw new SessionLostError(deviceProblem('nowhere', { reason, second: problem }), { cause })
    }
  }

  private async replay(backend: Backend): Promise<Session> {
    const session = await backend.createSession(this.setup)
    if (this.kept !== null) await session.importState(this.kept)
    for (const block of this.since) await session.run(block)
    return session
  }
}
