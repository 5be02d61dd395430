import { Arena } from '#core/backend/cpu/arena'
import {
  type PanelMatrix,
  panelCount,
  panelStride,
  readPanels,
  writePanels,
} from '#core/backend/cpu/panels'
import { compile, createMemory, instantiate } from '#core/backend/cpu/wasm/runtime'
import { ModuleBuilder } from '#core/backend/cpu/wasm/module-builder'
import { Mt19937 } from '#core/tensor/mt19937'
import { rand } from '#core/tensor/torch-random'

/** A memory with matrices and kernels for one test. */
export class BenchMemory {
  readonly arena = new Arena()
  readonly module = new ModuleBuilder()
  private readonly generator = new Mt19937(1)
  private floats: Float32Array = new Float32Array(0)

  matrix(rows: number, columns: number): PanelMatrix {
    const stride = panelStride(rows)
    return { address: this.arena.reserve(panelCount(columns) * stride), rows, columns, stride }
  }

  build(): Readonly<Record<string, (...operands: number[]) => void>> {
    const { pages } = this.arena
    const memory = createMemory(pages, false)
    this.floats = new Float32Array(memory.buffer)
    return instantiate(compile(this.module.build({ pages, shared: false })), memory)
  }

  /** Fills a matrix with values in [-1, 1) and returns them, row-major. */
  randomise(matrix: PanelMatrix): Float32Array {
    const values = rand(matrix.rows * matrix.columns, this.generator).map((x) => 2 * x - 1)
    writePanels(this.floats, matrix, values, matrix.rows)
    return values
  }

  read(matrix: PanelMatrix): Float32Array {
    const values = new Float32Array(matrix.rows * matrix.columns)
    readPanels(this.floats, matrix, values, matrix.rows)
    return values
  }

  vector(address: number, length: number): Float32Array {
    return this.floats.subarray(address / 4, address / 4 + length)
  }
}

/** [rows, columns] sum over k of a(row, k) b(k, column), in double precision. */
export function naiveProduct(
  rows: number,
  columns: number,
  depth: number,
  a: (row: number, k: number) => number,
  b: (k: number, column: number) => number,
): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, i) => {
    const row = Math.floor(i / columns)
    let sum = 0
    for (let k = 0; k < depth; k++) sum += a(row, k) * b(k, i % columns)
    return sum
  })
}

export function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((found[i] ?? NaN) - (expected[i] ?? NaN))
    if (!(difference <= most)) most = difference
  }
  return most
}
