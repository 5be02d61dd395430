import type { Block } from '../backend'
import type { Optimizers, UpdateGroup } from './optimizers'

/** Rates of steps, as a block has them. */
type StepRates = Pick<Block, 'learningRates' | 'momenta' | 'batchEnds'>

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

  /** Takes a step at the rates that a block has for its step number `step`: writes the scalars of all cells from `at`. */
  step(rates: StepRates, step: number, out: Float32Array, at: number): void {
    const { learningRates, momenta, batchEnds } = rates
    const { groups } = this
    const first = (step * learningRates.length) / batchEnds.length
    this.taken += 1
    for (let group = 0; group < groups.length; group++) {
      const own = groups[group]
      if (own === undefined) return
      const scalars = own.rule.rule.scalarsAt({
        lr: learningRates[first + group] ?? 0,
        weightDecay: own.weightDecay,
        momentum: momenta === null ? null : (momenta[step] ?? null),
        step: this.taken,
        numbers: this.numbers[group] ?? {},
      })
      for (const place of this.places[group] ?? [])
        for (let i = 0; i < scalars.length; i++) out[at + place + i] = scalars[i] ?? 0
    }
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
    const scratch = new Float32Array(this.length)
    for (let step = from; step < from + steps; step++) this.step(block, step, scratch, 0)
  }
}
