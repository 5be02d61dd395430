import type { TrainerEvent } from '#core/contract/events'

/** Figures of a run in training come up to fifty times a second; nobody reads so many, and each costs the page a frame. */
const SHOWN_EVERY = 100
/** While a pen moves, its answer comes first. */
const SHOWN_EVERY_WHILE_DRAWING = 300
/** A pen that paused so long has gone. */
const PEN_RESTS_AFTER = 200

/** Hands on what a run says: its figures together, a few times a second; everything else at once and in its place. */
export class EventGate {
  private readonly deliver: (events: readonly TrainerEvent[]) => void
  private waiting: TrainerEvent[] = []
  private timer: ReturnType<typeof setTimeout> | null = null
  private deliveredAt = -Infinity
  private penAt = -Infinity

  constructor(deliver: (events: readonly TrainerEvent[]) => void) {
    this.deliver = deliver
  }

  take(event: TrainerEvent): void {
    this.waiting.push(event)
    if (mayWait(event)) this.plan()
    else this.flush()
  }

  /** A pen moved just now. */
  notePen(): void {
    this.penAt = performance.now()
  }

  /** Hands on what waits. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    if (this.waiting.length === 0) return
    const events = this.waiting
    this.waiting = []
    this.deliveredAt = performance.now()
    this.deliver(events)
  }

  private plan(): void {
    if (this.timer !== null) return
    const wait = this.dueAt() - performance.now()
    if (wait <= 0) this.flush()
    else
      this.timer = setTimeout(() => {
        this.timer = null
        this.plan()
      }, wait)
  }

  private dueAt(): number {
    const isDrawing = performance.now() - this.penAt < PEN_RESTS_AFTER
    return this.deliveredAt + (isDrawing ? SHOWN_EVERY_WHILE_DRAWING : SHOWN_EVERY)
  }
}

function mayWait({ type }: TrainerEvent): boolean {
  return type === 'steps' || type === 'layers' || type === 'epoch'
}
