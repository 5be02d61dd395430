export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * A sequence that grows, thinned to what a chart can show: the lowest and the highest value of each stretch of equally many
 * values, in order, so that no spike is lost. Where there would be more than `most` stretches, two become one, so a value costs
 * the same however long the sequence is. Values that are not finite are left out.
 */
export class Thinning {
  private readonly most: number
  /** Places of the lowest and the highest value of each stretch in the sequence; -1 where it has none. */
  private readonly lows: Int32Array
  private readonly highs: Int32Array
  private readonly lowest: Float64Array
  private readonly highest: Float64Array
  /** Values of a stretch. */
  private size = 1
  private count = 0

  /** most: an even number. */
  constructor(most: number) {
    this.most = most
    this.lows = new Int32Array(most)
    this.highs = new Int32Array(most)
    this.lowest = new Float64Array(most)
    this.highest = new Float64Array(most)
  }

  push(value: number): void {
    if (this.count === this.most * this.size) this.halve()
    const at = this.count++
    const stretch = Math.floor(at / this.size)
    if (at % this.size === 0) this.lows[stretch] = this.highs[stretch] = -1
    if (!Number.isFinite(value)) return
    const isFirst = this.lows[stretch] === -1
    if (isFirst || value < (this.lowest[stretch] ?? 0)) {
      this.lows[stretch] = at
      this.lowest[stretch] = value
    }
    if (isFirst || value > (this.highest[stretch] ?? 0)) {
      this.highs[stretch] = at
      this.highest[stretch] = value
    }
  }

  /** xOf: where the value at a place of the sequence stands; it must ascend. */
  points(xOf: (place: number) => number): Point[] {
    const points: Point[] = []
    const stretches = Math.ceil(this.count / this.size)
    for (let i = 0; i < stretches; i++) {
      const low = this.lows[i] ?? -1
      const high = this.highs[i] ?? -1
      if (low < 0) continue
      const bottom = { x: xOf(low), y: this.lowest[i] ?? 0 }
      const top = { x: xOf(high), y: this.highest[i] ?? 0 }
      if (low === high) points.push(bottom)
      else points.push(...(low < high ? [bottom, top] : [top, bottom]))
    }
    return points
  }

  private halve(): void {
    for (let i = 0; i < this.most / 2; i++) {
      this.take(i, this.lowerOf(2 * i, 2 * i + 1), this.higherOf(2 * i, 2 * i + 1))
    }
    this.size *= 2
  }

  private take(to: number, low: number, high: number): void {
    this.lows[to] = this.lows[low] ?? -1
    this.lowest[to] = this.lowest[low] ?? 0
    this.highs[to] = this.highs[high] ?? -1
    this.highest[to] = this.highest[high] ?? 0
  }

  /** Of two stretches, the one with the lower lowest value; an empty one only where both are. */
  private lowerOf(first: number, second: number): number {
    if (this.lows[first] === -1) return second
    if (this.lows[second] === -1) return first
    return (this.lowest[second] ?? 0) < (this.lowest[first] ?? 0) ? second : first
  }

  private higherOf(first: number, second: number): number {
    if (this.highs[first] === -1) return second
    if (this.highs[second] === -1) return first
    return (this.highest[second] ?? 0) > (this.highest[first] ?? 0) ? second : first
  }
}
