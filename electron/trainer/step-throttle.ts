import type { TrainerSignal } from '#core/training/signal'

type Steps = Extract<TrainerSignal, { type: 'steps' }>

const INTERVAL_MILLISECONDS = 50

/** Gathers steps and hands them on together, at most every 50 ms. */
export class StepThrottle {
  private readonly deliver: (steps: Steps) => void
  private waiting: Steps[] = []
  private timer: NodeJS.Timeout | null = null
  private lastDelivery = -Infinity

  constructor(deliver: (steps: Steps) => void) {
    this.deliver = deliver
  }

  add(steps: Steps): void {
    this.waiting.push(steps)
    const wait = this.lastDelivery + INTERVAL_MILLISECONDS - performance.now()
    if (wait <= 0) this.flush()
    else
      this.timer ??= setTimeout(() => {
        this.flush()
      }, wait)
  }

  /** Hands on what waits, so that an event that comes after these steps is told after them. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    const first = this.waiting[0]
    const last = this.waiting.at(-1)
    if (first === undefined || last === undefined) return
    const all = this.waiting
    this.waiting = []
    this.lastDelivery = performance.now()
    this.deliver({
      type: 'steps',
      firstStep: first.firstStep,
      losses: all.flatMap(({ losses }) => losses),
      accuracies: all.flatMap(({ accuracies }) => accuracies),
      lrs: all.flatMap(({ lrs }) => lrs),
      progress: last.progress,
    })
  }
}
