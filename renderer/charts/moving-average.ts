/**
 * Exponential moving average with the bias of its start removed, as TensorBoard smooths:
 * s_t = w s_(t-1) + (1 - w) x_t, shown s_t / (1 - w^t). Values that are not finite pass through and count for nothing.
 */
export class MovingAverage {
  readonly weight: number
  private mean = 0
  private missing = 1

  constructor(weight: number) {
    this.weight = weight
  }

  /** The average with one more value. */
  next(value: number): number {
    if (!Number.isFinite(value)) return value
    this.mean = this.weight * this.mean + (1 - this.weight) * value
    this.missing *= this.weight
    return this.mean / (1 - this.missing)
  }
}
