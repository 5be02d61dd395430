/*
 * Kernels of the layers that are no products: elementwise ones that no Linear layer precedes, noise, normalisations, softmax and
 * losses. The formulas are pieces (wgsl/); here are their loops and where their numbers are.
 */
import type { Matrix } from './arena-layout'
import {
  floatGradientWriter,
  floatOf,
  type GradientTarget,
  type Source,
  targetPieces,
} from './access'
import { type Kernel, TABLE } from './kernel'
import { f32, type Piece, u32 } from './wgsl/piece'

const THREADS = 64

/** A layer's place between its neighbours. */
export interface LayerIo {
  readonly label: string
  readonly input: Source
  readonly output: Matrix
  readonly outputGradient: Matrix
  /** null where nothing in front of the layer is trained. */
  readonly target: GradientTarget | null
}

/** fn xAt(row, column), for kernels that see floats. */
export function floatReader(input: Source): string {
  if (input.kind === 'matrix')
    return `fn xAt(row: u32, column: u32) -> f32 { return ${floatOf(input.matrix, 'row', 'column')}; }`
  const { features, normalize } = input.images
  return `fn xAt(row: u32, column: u32) -> f32 {
  let w = images[imageOf(row) * ${u32(Math.ceil(features / 4))} + column / 4u];
  return f32((w >> (8u * (column & 3u))) & 255u) * ${f32(1 / (255 * normalize.std))} + ${f32(-normalize.mean / normalize.std)};
}`
}

export function outputFunctions(output: Matrix): string {
  return `fn yAt(row: u32, column: u32) -> f32 { return ${floatOf(output, 'row', 'column')}; }
fn setY(row: u32, column: u32, value: f32) { if (live) { ${floatOf(output, 'row', 'column')} = value; } }`
}

export function gradientFunctions({ outputGradient, target }: LayerIo): string {
  return `fn dyAt(row: u32, column: u32) -> f32 { return ${floatOf(outputGradient, 'row', 'column')}; }
${
  target === null
    ? 'fn setDx(row: u32, column: u32, value: f32) {}'
    : `${floatGradientWriter(target)}
fn setDx(row: u32, column: u32, value: f32) { storeGradient(row, column, value); }`
}`
}

/** Statements with `row` and `column` for each element of the batch. */
function overElements(width: number, statements: string): Pick<Kernel, 'body' | 'jobs'> {
  return {
    body: `let i = job * ${u32(THREADS)} + lane;
  let row = i / ${u32(width)};
  let column = i % ${u32(width)};
  if (row < rowCount()) { ${statements} }`,
    jobs: (rows) => Math.ceil((rows * width) / THREADS),
  }
}

const floats = { threads: THREADS, elements: 'floats', updates: false } as const

/**
 * y = forward, an expression of `x`, `row` and `column`; dx = dy * slope, one of `x`, `y`, `row` and `column`.
 * Pieces and declarations are what the expressions call.
 */
export interface ElementFormula {
  readonly pieces: readonly Piece[]
  readonly declarations?: string
  readonly forward: string
  readonly slope: string
}

export function elementForward(io: LayerIo, formula: ElementFormula): Kernel {
  const { label, input, output } = io
  return {
    ...floats,
    label: `${label} forward`,
    pieces: formula.pieces,
    declarations: `${floatReader(input)}
${outputFunctions(output)}
${formula.declarations ?? ''}`,
    ...overElements(
      output.width,
      `let x = xAt(row, column); setY(row, column, ${formula.forward});`,
    ),
  }
}

/** null where nobody asks for the gradient. */
export function elementBackward(io: LayerIo, formula: ElementFormula): Kernel | null {
  const { label, input, output, target } = io
  if (target === null) return null
  return {
    ...floats,
    label: `${label} backward`,
    pieces: [...formula.pieces, ...targetPieces(target)],
    declarations: `${floatReader(input)}
${outputFunctions(output)}
${gradientFunctions(io)}
${formula.declarations ?? ''}`,
    ...overElements(
      output.width,
      `let x = xAt(row, column); let y = yAt(row, column); setDx(row, column, dyAt(row, column) * ${formula.slope});`,
    ),
  }
}

/** y = x: what noise is in evaluation. */
export const identity: ElementFormula = { pieces: [], forward: 'x', slope: '1.0' }

/** Words for noise: fn elementOf(row, column), numbered through the whole batch, fn optimizerStep() and fn seed(). */
export function noiseFunctions(width: number): string {
  return `fn elementOf(row: u32, column: u32) -> u32 { return (word(${u32(TABLE.rowInBatch)}) + row) * ${u32(width)} + column; }
fn optimizerStep() -> u32 { return word(${u32(TABLE.optimizerStep)}); }
fn seed() -> u32 { return word(${u32(TABLE.seed)}); }`
}

/** y = a + b */
export function addForward(label: string, a: Source, b: Matrix, output: Matrix): Kernel {
  return {
    ...floats,
    label: `${label} forward`,
    pieces: [],
    declarations: `${floatReader(a)}
${outputFunctions(output)}`,
    ...overElements(
      output.width,
      `setY(row, column, xAt(row, column) + ${floatOf(b, 'row', 'column')});`,
    ),
  }
}

/** The gradient of x + block(x): that of the output, and what came out of the block. */
export function addBackward(io: LayerIo, fromBlock: Matrix): Kernel | null {
  if (io.target === null) return null
  return {
    ...floats,
    label: `${io.label} backward`,
    pieces: targetPieces(io.target),
    declarations: gradientFunctions(io),
    ...overElements(
      io.output.width,
      `setDx(row, column, dyAt(row, column) + ${floatOf(fromBlock, 'row', 'column')});`,
    ),
  }
}
