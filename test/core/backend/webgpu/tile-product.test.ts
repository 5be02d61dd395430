import { describe, expect } from 'vitest'
import { padded } from '#core/backend/webgpu/arena-layout'
import { sharedQuads, threadsOf, type Tile, tileName } from '#core/backend/webgpu/tile'
import { tileCandidates } from '#core/backend/webgpu/tile-candidates'
import type { Factor } from '#core/backend/webgpu/tile-loads'
import { tileProduct } from '#core/backend/webgpu/tile-product'
import type { ProductShape } from '#core/backend/webgpu/product-shape'
import { Mt19937 } from '#core/tensor/mt19937'
import { gpuTest } from './wgsl/gpu-test'
import { largestError, runKernels, storage } from './wgsl/harness'

/** What the specification guarantees every device. */
const limits = { invocations: 256, bytes: 16384 }

/** Nothing is divisible by anything; candidates of all sizes come up. */
const shapes: readonly ProductShape[] = [
  { kind: 'forward', rows: 13, columns: 7, terms: 783 },
  { kind: 'forward', rows: 131, columns: 197, terms: 61 },
  { kind: 'gradient', rows: 77, columns: 135, terms: 10 },
  { kind: 'gradient', rows: 13, columns: 37, terms: 129 },
  { kind: 'update', rows: 141, columns: 203, terms: 29 },
  { kind: 'update', rows: 10, columns: 38, terms: 101 },
]

/** Candidates of large products, on a small one. */
const large: readonly ProductShape[] = [
  { kind: 'forward', rows: 512, columns: 2048, terms: 784 },
  { kind: 'update', rows: 2048, columns: 2049, terms: 512 },
]

describe('every tile makes the products of float64', () => {
  for (const shape of shapes) {
    const { kind, rows, columns, terms } = shape
    const alike = large.filter((other) => other.kind === kind && rows > 100)
    const tiles = new Map(
      [shape, ...alike].flatMap((own) =>
        tileCandidates(own, limits).map((tile) => [tileName(tile), tile] as const),
      ),
    )
    gpuTest(`${kind} ${rows}x${columns} of ${terms}, ${tiles.size} tiles`, async (device) => {
      const generator = new Mt19937(rows)
      const draw = (length: number) =>
        Float32Array.from({ length }, () => generator.nextUint32() / 2 ** 31 - 1)
      const a = draw(rows * terms)
      const b = draw(columns * terms)
      const expected = productOf(a, b, shape)
      const size = Math.sqrt(terms)
      const orders = ordersOf(kind)
      for (const tile of tiles.values()) {
        const kernel = { code: code(tile, shape), workgroups: groupsOf(tile, shape) }
        const [, , found] = await runKernels(
          device,
          [kernel],
          [pack(a, orders[0], rows, terms), pack(b, orders[1], columns, terms), rows * columns],
        )
        const error = largestError(found ?? new Float32Array(), expected, size)
        expect(error, tileName(tile)).toBeLessThan(2e-6)
      }
    })
  }
})

describe('candidates', () => {
  const products: readonly ProductShape[] = [...shapes, ...large]

  gpuTest('are four to six, different ones, within the limits of the device', () => {
    for (const shape of products) {
      const tiles = tileCandidates(shape, limits)
      expect(tiles.length).toBeGreaterThanOrEqual(4)
      expect(tiles.length).toBeLessThanOrEqual(6)
      expect(new Set(tiles.map(tileName)).size).toBe(tiles.length)
      for (const tile of tiles) {
        expect(threadsOf(tile)).toBeLessThanOrEqual(limits.invocations)
        expect(sharedQuads(tile) * 16).toBeLessThanOrEqual(limits.bytes)
      }
    }
    return Promise.resolve()
  })
})

/** C = A Bᵀ; each factor lies as `pack` leaves it. */
function code(tile: Tile, { kind, rows, columns, terms }: ProductShape): string {
  const across = Math.ceil(columns / tile.columns)
  const [a, b] = ordersOf(kind)
  return `${storage(2, 'c')}
var<workgroup> pool: array<vec4<f32>, ${sharedQuads(tile)}>;
${reader(0, 'a', a, rows, terms)}
${reader(1, 'b', b, columns, terms)}
fn keep(row: u32, column: u32, sums: array<vec4<f32>, 4>) {
  var all = sums;
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      if (row + i < ${rows}u && column + j < ${columns}u) { c[(row + i) * ${columns}u + column + j] = all[i][j]; }
    }
  }
}
@compute @workgroup_size(${threadsOf(tile)})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let job = group.x;
  ${tileProduct(
    tile,
    {
      terms,
      a: factor('a', a),
      b: factor('b', b),
      epilogue: (row, column, sums) => `keep(${row}, ${column}, ${sums});`,
    },
    `(job / ${across}u) * ${tile.rows}u`,
    `(job % ${across}u) * ${tile.columns}u`,
  )}
}`
}

type Order = Factor['order']

/** As the kernels of a Linear layer read their factors. */
function ordersOf(kind: ProductShape['kind']): readonly [a: Order, b: Order] {
  return [kind === 'update' ? 'lines' : 'terms', kind === 'forward' ? 'terms' : 'lines']
}

function groupsOf(tile: Tile, { rows, columns }: ProductShape): number {
  return Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns)
}

/** [lines, terms], or [terms, lines] where the kernel reads lines side by side; rows begin at quads. */
function pack(
  dense: Float32Array,
  order: Order,
  lines: number,
  terms: number,
): Float32Array<ArrayBuffer> {
  const [height, width] = order === 'terms' ? [lines, terms] : [terms, lines]
  const stride = padded(width)
  const packed = new Float32Array(height * stride)
  for (let line = 0; line < lines; line++)
    for (let term = 0; term < terms; term++) {
      const at = order === 'terms' ? line * stride + term : term * stride + line
      packed[at] = dense[line * terms + term] ?? NaN
    }
  return packed
}

/** fn NAMEAt(row, column) of a packed matrix. */
function reader(binding: number, name: string, order: Order, lines: number, terms: number): string {
  const [height, width] = order === 'terms' ? [lines, terms] : [terms, lines]
  return `@group(0) @binding(${binding}) var<storage, read_write> ${name}: array<vec4<f32>>;
fn ${name}At(row: u32, column: u32) -> vec4<f32> {
  if (row >= ${height}u || column >= ${width}u) { return vec4<f32>(0.0); }
  return ${name}[row * ${padded(width) / 4}u + column / 4u];
}`
}

function factor(name: string, order: Order): Factor {
  const quad = (row: string, column: string) => `${name}At(${row}, ${column})`
  return order === 'lines' ? { order, quad } : { order, quad, line: (line) => line }
}

function productOf(
  a: Float32Array,
  b: Float32Array,
  { rows, columns, terms }: ProductShape,
): Float64Array {
  const c = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      let sum = 0
      for (let k = 0; k < terms; k++) sum += (a[i * terms + k] ?? 0) * (b[j * terms + k] ?? 0)
      c[i * columns + j] = sum
    }
  return c
}
