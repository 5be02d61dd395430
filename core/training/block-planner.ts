/** Longest block in steps: the size of the step table of a GPU block. */
const MOST_STEPS = 1024

/**
 * How many steps go into the next block, so that a block takes about `milliseconds`: long enough to hide the cost of a
 * call, short enough that pause, predictions and charts never wait. The results do not depend on it.
 */
export class BlockPlanner {
  private readonly milliseconds: number
  private perStep: number | null = null

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds
  }

  next(remaining: number): number {
    const steps = this.perStep === null ? 1 : Math.floor(this.milliseconds / this.perStep)
    return Math.max(1, Math.min(remaining, MOST_STEPS, steps))
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
