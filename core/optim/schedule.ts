import { z } from 'zod'
import { intervalOf, type SchedulerSpec } from '#core/spec/schedulers'
import type { AveragingSpec, Monitor } from '#core/spec/training'
import { createScheduler } from './schedulers/create-scheduler'
import {
  RuleScheduler,
  type RateGroups,
  type Scheduler,
  type SchedulerState,
} from './schedulers/scheduler'
import { swaLR } from './schedulers/swa'
import { OptimStateError } from './state'

export interface ScheduleContext {
  /** Rate of each parameter group (Optimizer.baseLrs). */
  readonly baseLrs: readonly number[]
  /** What a scheduler may move, see baseMomentumOf(); null: the optimizer has none. */
  readonly baseMomentum: number | null
  readonly epochs: number
  /** Batches of one epoch. */
  readonly stepsPerEpoch: number
  /** SWA with a rate of its own takes the scheduler's place after its first `startEpoch` epochs. */
  readonly averaging?: AveragingSpec | null
}

/** What the coming optimizer step uses. */
export interface Rates {
  /** One rate per parameter group. */
  readonly lrs: readonly number[]
  /** In the place of momentum or beta1; null: no scheduler moves it. */
  readonly momentum: number | null
}

const schedulerStateSchema = z.strictObject({
  numbers: z.record(z.string(), z.number().nullable()),
  get members() {
    return z.array(schedulerStateSchema)
  },
})

const scheduleStateSchema = z.strictObject({
  epoch: z.number(),
  lrs: z.array(z.number()),
  momentum: z.number().nullable(),
  momentumMoved: z.boolean(),
  scheduler: schedulerStateSchema.nullable(),
  swa: schedulerStateSchema.nullable(),
})

/** Plain JSON. */
export type ScheduleState = z.output<typeof scheduleStateSchema>

/** spec null: constant rates. The rates of the first step are those that torch has after construction. */
export function createSchedule(spec: SchedulerSpec | null, context: ScheduleContext): Schedule {
  return new Schedule(spec, context)
}

/** The metric that onEpoch() must be given, or null where it needs none. */
export function monitorOf(spec: SchedulerSpec | null): Monitor | null {
  return spec?.type === 'ReduceLROnPlateau' ? spec.monitor : null
}

/** The rates of a run, step by step: onBatch() after every optimizer step, onEpoch() after the last one of every epoch. */
export class Schedule {
  readonly #groups: RateGroups
  readonly #scheduler: Scheduler | null
  readonly #interval: 'batch' | 'epoch'
  readonly #averaging: AveragingSpec | null
  #swa: Scheduler | null = null
  #epoch = 0

  constructor(spec: SchedulerSpec | null, context: ScheduleContext) {
    this.#groups = {
      lrs: [...context.baseLrs],
      initialLrs: null,
      momentum: context.baseMomentum,
      momentumMoved: false,
    }
    this.#interval = spec === null ? 'epoch' : intervalOf(spec)
    this.#averaging = context.averaging ?? null
    this.#scheduler =
      spec === null
        ? null
        : createScheduler(spec, this.#groups, context.epochs * context.stepsPerEpoch)
  }

  rates(): Rates {
    const { lrs, momentum, momentumMoved } = this.#groups
    return { lrs: [...lrs], momentum: momentumMoved ? momentum : null }
  }

  onBatch(): void {
    if (this.#interval === 'batch' && !this.#belongsToSwa()) this.#scheduler?.step()
  }

  /** metric: value of monitorOf(spec) in the epoch that ended. */
  onEpoch(metric?: number): void {
    if (this.#belongsToSwa()) {
      this.#swa ??= this.#createSwa()
      this.#swa?.step()
    } else if (this.#interval === 'epoch') {
      this.#scheduler?.step(metric)
    }
    this.#epoch += 1
  }

  exportState(): ScheduleState {
    const { lrs, momentum, momentumMoved } = this.#groups
    return {
      epoch: this.#epoch,
      lrs: [...lrs],
      momentum,
      momentumMoved,
      scheduler: writable(this.#scheduler?.exportState()),
      swa: writable(this.#swa?.exportState()),
    }
  }

  /** Throws OptimStateError, and changes nothing, where the state was not written by a schedule like this one. */
  importState(state: unknown): void {
    const parsed = scheduleStateSchema.safeParse(state)
    if (!parsed.success) throw new OptimStateError('not the state of a schedule')
    const { epoch, lrs, momentum, momentumMoved, scheduler, swa } = parsed.data
    const own = this.#scheduler?.exportState()
    if (
      lrs.length !== this.#groups.lrs.length ||
      describe(scheduler ?? undefined) !== describe(own)
    ) {
      throw new OptimStateError('the state belongs to a schedule of another spec')
    }
    if (scheduler !== null) this.#scheduler?.importState(scheduler)
    this.#swa = swa === null ? null : this.#createSwa()
    if (swa !== null) this.#swa?.importState(swa)
    this.#epoch = epoch
    Object.assign(this.#groups, { lrs, momentum, momentumMoved })
  }

  /** The present epoch is one of those whose rates SWALR decides. */
  #belongsToSwa(): boolean {
    const averaging = this.#averaging
    return (
      averaging?.type === 'SWA' && averaging.swaLr !== null && this.#epoch >= averaging.startEpoch
    )
  }

  #createSwa(): Scheduler | null {
    const averaging = this.#averaging
    if (averaging?.type !== 'SWA' || averaging.swaLr === null) return null
    return new RuleScheduler(swaLR({ ...averaging, swaLr: averaging.swaLr }), this.#groups)
  }
}

function writable(state: SchedulerState | undefined): ScheduleState['scheduler'] {
  return state === undefined
    ? null
    : {
        numbers: { ...state.numbers },
        members: state.members.flatMap((member) => writable(member) ?? []),
      }
}

/** Names of the numbers and shape of the members: equal for states of schedulers of the same kind. */
function describe(state: SchedulerState | undefined): string {
  if (state === undefined) return 'none'
  return `${Object.keys(state.numbers).sort().join()}[${state.members.map(describe).join()}]`
}
