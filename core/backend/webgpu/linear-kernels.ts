import type { Matrix } from './arena-layout'
import {
  type GradientTarget,
  lineReader,
  masked,
  type NamedActivation,
  perElement,
  quadGradientWriter,
  quadOf,
  quadReader,
  type Source,
  strideOf,
  targetPieces,
} from './access'
import type { Kernel } from './kernel'
import { sharedQuads, threadsOf, type Tile } from './tile'
import type { Factor } from './tile-loads'
import { tileProduct } from './tile-product'
import { u32 } from './wgsl/piece'

/** Where a Linear layer keeps its tensors: weight [out, in] as in torch, bias [1, out]. */
export interface LinearTensors {
  readonly weight: Matrix
  readonly bias: Matrix | null
}

export interface LinearForward extends LinearTensors {
  readonly label: string
  readonly input: Source
  readonly sum: Matrix
  readonly activation: (NamedActivation & { readonly output: Matrix }) | null
  /** Rows that the matrices hold. */
  readonly rows: number
}

/** sum = input weightᵀ + bias; output = activation(sum) */
export function linearForward(
  { label, input, weight, bias, sum, activation, rows }: LinearForward,
  tile: Tile,
): Kernel {
  const { width, stride } = sum
  const across = Math.ceil(width / tile.columns)
  const biased = bias === null ? 'products' : `products + ${quadOf(bias, '0u', 'column')}`
  return {
    label: `${label} forward`,
    threads: threadsOf(tile),
    elements: 'quads',
    updates: false,
    pieces: activation === null ? [] : [activation.piece],
    declarations: `var<workgroup> pool: array<vec4<f32>, ${sharedQuads(tile)}>;
${lineReader('inputAt', input, rows)}
${lineReader('weightAt', { kind: 'matrix', matrix: weight }, width)}
fn finish(firstRow: u32, column: u32, sums: array<vec4<f32>, 4>) {
  var all = sums;
  for (var k = 0u; k < 4u; k++) { finishRow(firstRow + k, column, all[k]); }
}
fn finishRow(row: u32, column: u32, products: vec4<f32>) {
  if (!live || row >= ${u32(rows)} || column >= ${u32(stride)}) { return; }
  let x = ${masked(biased, 'column', width)};
  ${quadOf(sum, 'row', 'column')} = x;
  ${
    activation === null
      ? ''
      : `${quadOf(activation.output, 'row', 'column')} = ${masked(perElement(activation.name, 'x'), 'column', width)};`
  }
}`,
    body: tileProduct(
      tile,
      {
        terms: strideOf(input),
        a: lines('inputAt'),
        b: lines('weightAt'),
        epilogue: (row, column, sums) => `finish(${row}, ${column}, ${sums});`,
      },
      `(job / ${u32(across)}) * ${u32(tile.rows)}`,
      `(job % ${u32(across)}) * ${u32(tile.columns)}`,
    ),
    jobs: (n) => Math.ceil(n / tile.rows) * across,
  }
}

export interface LinearInputGradient {
  readonly label: string
  readonly weight: Matrix
  /** Of the layer's output. */
  readonly outputGradient: Matrix
  readonly target: GradientTarget
  readonly rows: number
}

/** target = outputGradient weight */
export function linearInputGradient(
  { label, weight, outputGradient, target, rows }: LinearInputGradient,
  tile: Tile,
): Kernel {
  const across = Math.ceil(weight.width / tile.columns)
  return {
    label: `${label} input gradient`,
    threads: threadsOf(tile),
    elements: 'quads',
    updates: false,
    pieces: targetPieces(target),
    declarations: `var<workgroup> pool: array<vec4<f32>, ${sharedQuads(tile)}>;
${lineReader('gradientAt', { kind: 'matrix', matrix: outputGradient }, rows)}
${quadReader('weightAt', { kind: 'matrix', matrix: weight }, outputGradient.width)}
${quadGradientWriter(target, rows)}
fn storeGradients(firstRow: u32, column: u32, sums: array<vec4<f32>, 4>) {
  var all = sums;
  for (var k = 0u; k < 4u; k++) { storeGradient(firstRow + k, column, all[k]); }
}`,
    body: tileProduct(
      tile,
      {
        terms: outputGradient.stride,
        a: lines('gradientAt'),
        b: { order: 'lines', quad: (term, line) => `weightAt(${term}, ${line})` },
        epilogue: (row, column, sums) => `storeGradients(${row}, ${column}, ${sums});`,
      },
      `(job / ${u32(across)}) * ${u32(tile.rows)}`,
      `(job % ${u32(across)}) * ${u32(tile.columns)}`,
    ),
    jobs: (n) => Math.ceil(n / tile.rows) * across,
  }
}

/** A factor that `lineReader` reads. */
export function lines(name: string): Factor {
  return {
    order: 'terms',
    line: (line) => `${name}Line(${line})`,
    quad: (found, term) => `${name}(${found}, ${term})`,
  }
}
