import type { Scheduler, SchedulerState } from './scheduler'

/** ChainedScheduler: all schedulers at once, one after the other on the same rates. */
export class Chained implements Scheduler {
  readonly #members: readonly Scheduler[]

  constructor(members: readonly Scheduler[]) {
    this.#members = members
  }

  step(): void {
    for (const member of this.#members) member.step()
  }

  begin(): void {
    throw new TypeError('ChainedScheduler cannot stand inside another scheduler')
  }

  enter(): void {
    this.begin()
  }

  undo(): void {
    this.begin()
  }

  exportState(): SchedulerState {
    return { numbers: {}, members: this.#members.map((member) => member.exportState()) }
  }

  importState({ members }: SchedulerState): void {
    for (const [i, member] of this.#members.entries()) {
      const state = members[i]
      if (state !== undefined) member.importState(state)
    }
  }
}
