/**
 * The learning rates that schedulers share and change: torch's `optimizer.param_groups`. torch's schedulers compute the next rate
 * from the present one, so that several may act on the same groups; these do the same, in the same order of operations.
 */
export interface RateGroups {
  /** Present rate of each group. */
  lrs: number[]
  /** torch's `initial_lr`: the rates that the first scheduler found; null before there is one. */
  initialLrs: number[] | null
  /** momentum or beta1, whichever the optimizer has; null: neither. */
  momentum: number | null
  /** A scheduler has set `momentum`. */
  momentumMoved: boolean
}

/** Numbers that a scheduler must keep to go on; null stands for "none yet". Plain JSON. */
export interface SchedulerState {
  readonly numbers: Readonly<Record<string, number | null>>
  readonly members: readonly SchedulerState[]
}

/** A scheduler at work on some groups. Construction already takes torch's initial step. */
export interface Scheduler {
  /** Moves on by one epoch or batch. metric: what ReduceLROnPlateau watches. */
  step(metric?: number): void
  /** torch's _initial_step: starts over on the groups as they are. For SequentialLR. */
  begin(): void
  /** torch's _update_lr(0): sets the rates of position 0. For SequentialLR, at a milestone. */
  enter(): void
  /** Takes back the position, not the rates. For SequentialLR. */
  undo(): void
  exportState(): SchedulerState
  /** The state must come from a scheduler of the same spec. */
  importState(state: SchedulerState): void
}

/** Where a rule is asked for rates. */
export interface RuleContext {
  /** torch's last_epoch: epochs or batches done. */
  readonly position: number
  /** torch's _step_count: calls of step() since begin(), that one included. */
  readonly steps: number
  /** Within the initial step. */
  readonly isInitial: boolean
  readonly baseLrs: readonly number[]
  readonly groups: RateGroups
}

/** The formulas of one scheduler class. */
export interface RateRule {
  /** What torch's constructor does to the groups before the initial step. */
  prepare?(groups: RateGroups): void
  /** torch's get_lr: the rates at this position, from the present ones. */
  rates(at: RuleContext): number[]
  /** torch's _get_closed_form_lr, where it has one: the rates from the base rates alone. */
  closedForm?(at: RuleContext): number[]
}

/** torch's LRScheduler, with the formulas of one of its subclasses. */
export class RuleScheduler implements Scheduler {
  readonly #rule: RateRule
  readonly #groups: RateGroups
  readonly #baseLrs: readonly number[]
  #position = -1
  #steps = 0

  constructor(rule: RateRule, groups: RateGroups) {
    this.#rule = rule
    this.#groups = groups
    rule.prepare?.(groups)
    this.#baseLrs = takeBaseLrs(groups)
    this.begin()
  }

  begin(): void {
    this.#steps = 0
    this.#advance(true)
  }

  step(): void {
    this.#advance(false)
  }

  enter(): void {
    this.#position = 0
    const at = this.#context(false)
    this.#groups.lrs = this.#rule.closedForm?.(at) ?? this.#rule.rates(at)
  }

  undo(): void {
    this.#position -= 1
  }

  exportState(): SchedulerState {
    return { numbers: { position: this.#position, steps: this.#steps }, members: [] }
  }

  importState({ numbers }: SchedulerState): void {
    this.#position = numbers['position'] ?? 0
    this.#steps = numbers['steps'] ?? 0
  }

  #advance(isInitial: boolean): void {
    this.#steps += 1
    this.#position += 1
    this.#groups.lrs = this.#rule.rates(this.#context(isInitial))
  }

  #context(isInitial: boolean): RuleContext {
    return {
      position: this.#position,
      steps: this.#steps,
      isInitial,
      baseLrs: this.#baseLrs,
      groups: this.#groups,
    }
  }
}

/** A copy of torch's `initial_lr`, which the first scheduler sets to the present rates. */
export function takeBaseLrs(groups: RateGroups): readonly number[] {
  groups.initialLrs ??= [...groups.lrs]
  return [...groups.initialLrs]
}
