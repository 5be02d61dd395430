/** Row-major [rows, width] in the arena, in floats; the columns from `width` to `stride`, a multiple of 4, are zero. */
export interface Matrix {
  readonly offset: number
  readonly width: number
  readonly stride: number
}

/** Hands out places in the arena. */
export class ArenaLayout {
  private end = 0

  /** Floats handed out so far: a multiple of 64. */
  get size(): number {
    return this.end
  }

  /** Offset of `length` floats. */
  reserve(length: number): number {
    const offset = this.end
    this.end += Math.ceil(length / 64) * 64
    return offset
  }

  matrix(rows: number, width: number): Matrix {
    const stride = padded(width)
    return { offset: this.reserve(rows * stride), width, stride }
  }
}

/** The next multiple of 4. */
export function padded(width: number): number {
  return Math.ceil(width / 4) * 4
}
