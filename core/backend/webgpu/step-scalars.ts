import type { Block } from '../backend'
import type { Optimizers, UpdateGroup } from './optimizers'

/** The optimizer's counters of one run on the CPU: they make the scalars of each step, in float64. */
export class StepScalars {
  /** Scalars of all cells. */
  readonly length: number
  private readonly groups: readonly UpdateGroup[]
  /** Where in the scalars of all cells each group has its own. */
  private readonly places: readonly (readonly number[])[]
  private taken = 0
  /** For each group the numbers that torch keeps per parameter: equal in all of a group. */
  private numbers: readonly Record<string, number>[]

  constructor({ runs, cells, scalarsPerCell }: Optimizers, run: number) {
    this.groups = runs[run] ?? []
    this.length = cells.length * scalarsPerCell
    this.places = this.groups.map((_, group) =>
      cells.flatMap((cell, i) => (cell[run] === group ? [i * scalarsPerCell] : [])),
    )
    this.numbers = this.groups.map(() => ({}))
  }

  /** Steps taken. */
  get steps(): number {
    return this.taken
  }

  /** Takes a step: writes the scalars of all cells from `at`. */
  step(lrs: ArrayLike<number>, momentum: number | null, out: Float32Array, at: number): void {
    this.taken += 1
    this.groups.forEach(({ rule, weightDecay }, group) => {
      const scalars = rule.rule.scalarsAt({
        lr: lrs[group] ?? 0,
        weightDecay,
        momentum,
        step: this.taken,
        numbers: this.numbers[group] ?? {},
      })
      for (const place of this.places[group] ?? []) out.set(scalars, at + place)
    })
  }

  /** By the names of parameters, as the optimizer's state has them. */
  numbersByParameter(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    return Object.fromEntries(
      this.groups.flatMap(({ parameters }, group) =>
        parameters.map(({ name }) => [name, this.numbers[group] ?? {}]),
      ),
    )
  }

  /** Goes on from the numbers of a session's state. */
  resume(state: Readonly<Record<string, number>>): void {
    this.taken = state['optimizer.step'] ?? 0
    this.numbers = this.groups.map(({ parameters }) => {
      const prefix = `optimizer.${parameters[0]?.name ?? ''}.`
      return Object.fromEntries(
        Object.entries(state)
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, value]) => [name.slice(prefix.length), value]),
      )
    })
  }

  /** What `restore` goes back to. */
  save(): { readonly steps: number; readonly numbers: readonly Record<string, number>[] } {
    return { steps: this.taken, numbers: this.numbers.map((numbers) => ({ ...numbers })) }
  }

  private restore({ steps, numbers }: ReturnType<StepScalars['save']>): void {
    this.taken = steps
    this.numbers = numbers.map((own) => ({ ...own }))
  }

  /** Goes back to what was saved at step `from` of a block and takes only so many of its steps: those before the one that failed. */
  replay(saved: ReturnType<StepScalars['save']>, block: Block, from: number, steps: number): void {
    this.restore(saved)
    const groups = block.learningRates.length / block.batchEnds.length
    const scratch = new Float32Array(this.length)
    for (let step = from; step < from + steps; step++) {
      const lrs = block.learningRates.subarray(step * groups, (step + 1) * groups)
      this.step(lrs, block.momenta?.[step] ?? null, scratch, 0)
    }
  }
}
