import type { Floats, MakeFloats } from '#core/tensor/floats'

/** Storage of [n, width] that is made for the largest n seen so far and reused for every smaller one. */
export class Rows {
  private readonly make: MakeFloats
  private readonly width: number
  private values: Floats

  constructor(make: MakeFloats, width: number) {
    this.make = make
    this.width = width
    this.values = make(0)
  }

  /** At least n rows; what they hold is left over from the last use. */
  of(n: number): Floats {
    if (this.values.length < n * this.width) this.values = this.make(n * this.width)
    return this.values
  }
}
