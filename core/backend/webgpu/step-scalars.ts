import type { UpdateRule } from './wgsl/update-rule'

/** The optimizer's counters on the CPU: they make the scalars of each step, in float64. */
export class StepScalars {
  /** Steps taken. */
  steps = 0
  private readonly rule: UpdateRule
  private readonly weightDecays: readonly number[]
  /** For each group the numbers that torch keeps per parameter: equal in all of a group. */
  private numbers: readonly Record<string, number>[]

  constructor(rule: UpdateRule, groups: readonly { readonly weightDecay: number }[]) {
    this.rule = rule
    this.weightDecays = groups.map(({ weightDecay }) => weightDecay)
    this.numbers = groups.map(() => ({}))
  }

  /** Words of all groups. */
  get length(): number {
    return this.weightDecays.length * this.rule.scalars.length
  }

  /** Takes a step: writes the scalars of all groups from `at`. */
  step(lrs: ArrayLike<number>, momentum: number | null, out: Float32Array, at: number): void {
    this.steps += 1
    this.weightDecays.forEach((weightDecay, group) => {
      const scalars = this.rule.scalarsAt({
        lr: lrs[group] ?? 0,
        weightDecay,
        momentum,
        step: this.steps,
        numbers: this.numbers[group] ?? {},
      })
      out.set(scalars, at + group * this.rule.scalars.length)
    })
  }

  numbersOf(group: number): Readonly<Record<string, number>> {
    return this.numbers[group] ?? {}
  }

  /** What `restore` goes back to. */
  save(): { readonly steps: number; readonly numbers: readonly Record<string, number>[] } {
    return { steps: this.steps, numbers: this.numbers.map((numbers) => ({ ...numbers })) }
  }

  restore({ steps, numbers }: ReturnType<StepScalars['save']>): void {
    this.steps = steps
    this.numbers = numbers.map((own) => ({ ...own }))
  }
}
