/*
 * What a team of threads does with one batch: steps in which every thread calls kernels on its share, and steps of the
 * leader alone. Shares never overlap and never split a sum, so that results do not depend on the number of threads.
 */

/** One call of an exported kernel, at most six operands. */
export interface Call {
  readonly kernel: string
  readonly operands: readonly number[]
}

export interface Share {
  readonly thread: number
  readonly threads: number
  /** Rows of the batch. */
  readonly rows: number
}

export type ShareOfWork = (share: Share) => readonly Call[]

/** A step that the team has prepared: calls it on all threads and returns when all are done. */
export type TeamStep = () => void

export interface Team {
  readonly threads: number
  /** calls[t]: what thread t does. */
  prepare(calls: readonly (readonly Call[])[]): TeamStep
  dispose(): void
}

type Step =
  | { readonly kind: 'team'; readonly work: ShareOfWork; readonly join: boolean }
  | { readonly kind: 'leader'; readonly work: (rows: number) => void }

/** Batch sizes that a program keeps prepared: the usual one, the last one of an epoch, those of evaluations. */
const PREPARED = 8

export class Program {
  private readonly team: Team
  private readonly steps: Step[] = []
  private readonly prepared = new Map<number, readonly ((rows: number) => void)[]>()

  constructor(team: Team) {
    this.team = team
  }

  get threads(): number {
    return this.team.threads
  }

  /** join false: a thread needs nothing of the step before but what it did itself. */
  onTeam(work: ShareOfWork, join = true): void {
    this.steps.push({ kind: 'team', work, join })
  }

  onLeader(work: (rows: number) => void): void {
    this.steps.push({ kind: 'leader', work })
  }

  run(rows: number): void {
    let steps = this.prepared.get(rows)
    if (steps === undefined) {
      if (this.prepared.size === PREPARED) this.prepared.clear()
      steps = this.prepare(rows)
      this.prepared.set(rows, steps)
    }
    for (const step of steps) step(rows)
  }

  private prepare(rows: number): readonly ((rows: number) => void)[] {
    const { threads } = this.team
    const phases: (Call[][] | ((rows: number) => void))[] = []
    for (const step of this.steps) {
      if (step.kind === 'leader') {
        phases.push(step.work)
        continue
      }
      const before = phases.at(-1)
      const calls =
        step.join || !Array.isArray(before) ? Array.from({ length: threads }, () => []) : before
      if (calls !== before) phases.push(calls)
      for (const [thread, list] of calls.entries())
        list.push(...step.work({ thread, threads, rows }))
    }
    return phases.map((phase) => (Array.isArray(phase) ? this.team.prepare(phase) : phase))
  }
}

/** Thread `thread`'s part of 0..count, in whole units. */
export function part(
  count: number,
  { thread, threads }: Share,
  unit = 1,
): readonly [number, number] {
  const units = Math.ceil(count / unit)
  const from = Math.floor((units * thread) / threads) * unit
  const to = Math.min(count, Math.floor((units * (thread + 1)) / threads) * unit)
  return [from, to]
}
