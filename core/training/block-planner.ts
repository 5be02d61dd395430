import { MOST_BLOCK_STEPS } from '#core/backend/backend'

/** While somebody draws, an answer waits for no more than this. */
const BRIEF_MILLISECONDS = 4
/** After a question more will come: the page asks again with every stroke, and four times a second while training changes the answer. */
const ATTENTION_MILLISECONDS = 300

/**
 * How many steps go into the next block, so that a block takes about `milliseconds`: long enough to hide the cost of a
 * call, short enough that pause and charts never wait; shorter still for a while after a prediction. The results do not depend on it.
 */
export class BlockPlanner {
  private readonly milliseconds: number
  private perStep: number | null = null
  private askedAt = -Infinity

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds
  }

  /** now: milliseconds of a steady clock. */
  next(remaining: number, now: number): number {
    const hasAttention = now - this.askedAt < ATTENTION_MILLISECONDS
    const milliseconds = hasAttention
      ? Math.min(BRIEF_MILLISECONDS, this.milliseconds)
      : this.milliseconds
    const steps = this.perStep === null ? 1 : Math.floor(milliseconds / this.perStep)
    return Math.max(1, Math.min(remaining, MOST_BLOCK_STEPS, steps))
  }

  /** Somebody asked for a prediction. */
  noteQuestion(now: number): void {
    this.askedAt = now
  }

  /** Smoothed, because one slow block (a checkpoint, a busy machine) says little about the next. */
  record(steps: number, milliseconds: number): void {
    const measured = Math.max(milliseconds, 0.001) / steps
    this.perStep = this.perStep === null ? measured : 0.7 * this.perStep + 0.3 * measured
  }

  get millisecondsPerStep(): number | null {
    return this.perStep
  }
}
