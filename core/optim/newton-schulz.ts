import type { Floats } from '#core/tensor/floats'
import { roundToBfloat16 } from './bfloat16'

/** A matrix in bfloat16, kept as float32 values that bfloat16 can hold. */
interface Matrix {
  readonly values: Float32Array
  readonly bits: Uint32Array
}

export interface NewtonSchulzWorkspace {
  /** Lines and length of a line of the matrix as it is worked on: lines <= length. */
  readonly lines: number
  readonly length: number
  readonly transposed: boolean
  readonly x: Matrix
  readonly next: Matrix
  readonly gram: Matrix
  readonly update: Matrix
  readonly norm: Matrix
}

export function newtonSchulzWorkspace(rows: number, columns: number): NewtonSchulzWorkspace {
  const transposed = rows > columns
  const lines = Math.min(rows, columns)
  const length = Math.max(rows, columns)
  return {
    lines,
    length,
    transposed,
    x: matrix(lines * length),
    next: matrix(lines * length),
    gram: matrix(lines * lines),
    update: matrix(lines * lines),
    norm: matrix(1),
  }
}

/**
 * The nearest matrix with singular values about 1, in place of `values` [rows, columns]: torch's _zeropower_via_newtonschulz.
 * x = values / max(norm, eps); steps times: G = x xᵀ, x = a x + (b G + c G²) x. Each result is rounded to bfloat16, as in torch,
 * which sums in another order: the two agree to about 1e-2.
 */
export function orthogonalize(
  values: Floats,
  work: NewtonSchulzWorkspace,
  [a, b, c]: readonly [number, number, number],
  steps: number,
  eps: number,
): void {
  const { lines, length, gram, update } = work
  let { x, next } = work
  load(values, x, work)
  normalize(x, work.norm, eps)
  for (let step = 0; step < steps; step++) {
    timesTransposed(x.values, gram.values, lines, length)
    roundToBfloat16(gram.bits)
    addProduct(b, gram.values, c, gram.values, gram.values, update.values, lines, lines)
    roundToBfloat16(update.bits)
    addProduct(a, x.values, 1, update.values, x.values, next.values, lines, length)
    roundToBfloat16(next.bits)
    const swap = x
    x = next
    next = swap
  }
  store(x, values, work)
}

function matrix(length: number): Matrix {
  const values = new Float32Array(length)
  return { values, bits: new Uint32Array(values.buffer) }
}

function load(
  from: Floats,
  to: Matrix,
  { lines, length, transposed }: NewtonSchulzWorkspace,
): void {
  for (let r = 0; r < lines; r++) {
    for (let k = 0; k < length; k++) {
      to.values[r * length + k] = from[transposed ? k * lines + r : r * length + k] as number
    }
  }
  roundToBfloat16(to.bits)
}

function store(
  from: Matrix,
  to: Floats,
  { lines, length, transposed }: NewtonSchulzWorkspace,
): void {
  for (let r = 0; r < lines; r++) {
    for (let k = 0; k < length; k++) {
      to[transposed ? k * lines + r : r * length + k] = from.values[r * length + k] as number
    }
  }
}

/** x /= max(norm, eps); the norm is a bfloat16 too. */
function normalize(x: Matrix, norm: Matrix, eps: number): void {
  let sum = 0
  for (const v of x.values) sum += v * v
  norm.values[0] = Math.sqrt(sum)
  roundToBfloat16(norm.bits)
  const divisor = Math.max(norm.values[0], eps)
  for (let i = 0; i < x.values.length; i++) x.values[i] = (x.values[i] as number) / divisor
  roundToBfloat16(x.bits)
}

/** out = m mᵀ; m [lines, length]. Four columns of out at a time: four sums that do not wait for each other. */
function timesTransposed(m: Float32Array, out: Float32Array, lines: number, length: number): void {
  for (let i = 0; i < lines; i++) {
    const row = i * length
    for (let j = 0; j <= i; j += 4) {
      // Beyond the last line the last one is taken again, and its sum not used.
      const last = (lines - 1) * length
      const a = j * length
      const b = Math.min(a + length, last)
      const c = Math.min(b + length, last)
      const d = Math.min(c + length, last)
      let sumA = 0
      let sumB = 0
      let sumC = 0
      let sumD = 0
      for (let k = 0; k < length; k++) {
        const x = m[row + k] as number
        sumA += x * (m[a + k] as number)
        sumB += x * (m[b + k] as number)
        sumC += x * (m[c + k] as number)
        sumD += x * (m[d + k] as number)
      }
      put(out, lines, i, j, sumA)
      if (j + 1 <= i) put(out, lines, i, j + 1, sumB)
      if (j + 2 <= i) put(out, lines, i, j + 2, sumC)
      if (j + 3 <= i) put(out, lines, i, j + 3, sumD)
    }
  }
}

/** A value of a symmetric matrix, on both sides. */
function put(out: Float32Array, lines: number, i: number, j: number, value: number): void {
  out[i * lines + j] = value
  out[j * lines + i] = value
}

/**
 * out = beta * addend + alpha * left right; left [lines, lines], right and addend [lines, length]. Four lines of right at a time, so
 * that out is read and written a quarter as often.
 */
function addProduct(
  beta: number,
  addend: Float32Array,
  alpha: number,
  left: Float32Array,
  right: Float32Array,
  out: Float32Array,
  lines: number,
  length: number,
): void {
  out.fill(0)
  const whole = lines - (lines % 4)
  for (let i = 0; i < lines; i++) {
    const row = i * length
    for (let k = 0; k < whole; k += 4) {
      const at = i * lines + k
      const f0 = left[at] as number
      const f1 = left[at + 1] as number
      const f2 = left[at + 2] as number
      const f3 = left[at + 3] as number
      const r0 = k * length
      const r1 = r0 + length
      const r2 = r1 + length
      const r3 = r2 + length
      for (let j = 0; j < length; j++) {
        out[row + j] =
          (out[row + j] as number) +
          f0 * (right[r0 + j] as number) +
          f1 * (right[r1 + j] as number) +
          f2 * (right[r2 + j] as number) +
          f3 * (right[r3 + j] as number)
      }
    }
    for (let k = whole; k < lines; k++) {
      const factor = left[i * lines + k] as number
      const from = k * length
      for (let j = 0; j < length; j++) {
        out[row + j] = (out[row + j] as number) + factor * (right[from + j] as number)
      }
    }
    for (let j = 0; j < length; j++) {
      out[row + j] = beta * (addend[row + j] as number) + alpha * (out[row + j] as number)
    }
  }
}
