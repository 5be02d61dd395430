import type { Floats } from '#core/tensor/floats'
import type { Mt19937 } from '#core/tensor/mt19937'
import { normal_ } from '#core/tensor/torch-random'

/**
 * torch.nn.init.orthogonal_ for a matrix [rows, cols]: the shorter side becomes orthonormal vectors, scaled by gain.
 * torch takes Q of a QR decomposition and makes the diagonal of R positive. That Q is unique, so that orthogonalising
 * one vector after the other finds the same one to float32 rounding; a vector of which little is left is treated twice
 * ("twice is enough", Giraud et al. 2005).
 */
export function orthogonal_(
  out: Floats,
  rows: number,
  cols: number,
  gain: number,
  generator: Mt19937,
): void {
  normal_(out, 0, 1, generator)
  const wide = rows < cols
  const vectors = wide
    ? vectorsOf(out, rows, cols)
    : vectorsOf(transposed(out, rows, cols), cols, rows)
  vectors.forEach((vector, k) => {
    const before = vectors.slice(0, k)
    const length = Math.sqrt(dot(vector, vector))
    removeAll(vector, before)
    if (Math.sqrt(dot(vector, vector)) < CANCELLED * length) removeAll(vector, before)
    const norm = Math.sqrt(dot(vector, vector))
    for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) / norm
  })
  const factor = Math.fround(gain)
  vectors.forEach((vector, k) => {
    vector.forEach((value, i) => {
      out[wide ? k * cols + i : i * cols + k] = Math.fround(Math.fround(value) * factor)
    })
  })
}

/** Share of a vector's length below which cancellation shows. */
const CANCELLED = 0.01

/** The rows of a matrix [count, length], copied in double precision. */
function vectorsOf(matrix: Floats, count: number, length: number): Float64Array[] {
  return Array.from({ length: count }, (_, k) =>
    Float64Array.from(matrix.subarray(k * length, (k + 1) * length)),
  )
}

function transposed(matrix: Floats, rows: number, cols: number): Float64Array {
  const result = new Float64Array(rows * cols)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < cols; c++) result[c * rows + r] = matrix[r * cols + c] as number
  return result
}

/** Takes out of `vector` what lies along each of the orthonormal `directions`. */
function removeAll(vector: Float64Array, directions: readonly Float64Array[]): void {
  for (const direction of directions) {
    const along = dot(vector, direction)
    for (let i = 0; i < vector.length; i++)
      vector[i] = (vector[i] as number) - along * (direction[i] as number)
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}
