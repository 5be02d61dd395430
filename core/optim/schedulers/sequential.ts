import type { RateGroups, Scheduler, SchedulerState } from './scheduler'

/**
 * SequentialLR: each scheduler in its turn, the next one from each milestone on. As in torch, all of them have already taken their
 * initial step when this one is made: it puts the rates back to their initial values, takes the positions back and starts the first.
 */
export class Sequential implements Scheduler {
  readonly #members: readonly Scheduler[]
  readonly #milestones: readonly number[]
  #position = 0

  constructor(members: readonly Scheduler[], milestones: readonly number[], groups: RateGroups) {
    this.#members = members
    this.#milestones = milestones
    groups.lrs = [...(groups.initialLrs ?? groups.lrs)]
    this.undo()
    this.#active().begin()
  }

  step(): void {
    this.#position += 1
    const entersNext = this.#milestones[this.#turn() - 1] === this.#position
    if (entersNext) this.#active().enter()
    else this.#active().step()
  }

  begin(): void {
    throw new TypeError('SequentialLR cannot stand inside another SequentialLR')
  }

  enter(): void {
    this.begin()
  }

  undo(): void {
    for (const member of this.#members) member.undo()
  }

  exportState(): SchedulerState {
    return {
      numbers: { position: this.#position },
      members: this.#members.map((member) => member.exportState()),
    }
  }

  importState({ numbers, members }: SchedulerState): void {
    this.#position = numbers['position'] ?? 0
    for (const [i, member] of this.#members.entries()) {
      const state = members[i]
      if (state !== undefined) member.importState(state)
    }
  }

  /** Number of milestones passed: the index of the member whose turn it is. */
  #turn(): number {
    return this.#milestones.filter((milestone) => milestone <= this.#position).length
  }

  #active(): Scheduler {
    const member = this.#members[this.#turn()]
    if (member === undefined) {
      throw new RangeError(
        `SequentialLR expects one scheduler more than milestones, got ${this.#members.length} and ${this.#milestones.length}`,
      )
    }
    return member
  }
}
