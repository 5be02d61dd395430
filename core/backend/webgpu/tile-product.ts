import { u32 } from './wgsl/piece'

/**
 * How a workgroup shares out a product: it makes a tile [rows, columns], each thread a block of it in registers, `splits` groups of
 * threads sharing out the terms of every sum; `depth` terms of each split are in workgroup memory at a time.
 */
export interface Tile {
  readonly rows: number
  readonly columns: number
  readonly blockRows: 4 | 8
  readonly blockColumns: 4 | 8
  readonly depth: number
  readonly splits: number
}

/**
 * Where a factor comes from. 'terms': the function gives four consecutive terms of one row (of A) or column (of B); 'lines': four
 * consecutive rows or columns at one term. Both are expressions; what is out of range must be zero.
 */
export type Factor =
  | { readonly order: 'terms'; readonly quad: (line: string, term: string) => string }
  | { readonly order: 'lines'; readonly quad: (term: string, line: string) => string }

export interface Product {
  /** Terms of each sum. */
  readonly terms: number
  readonly a: Factor
  readonly b: Factor
  /** Statements for four rows of four results: `row` and `column` name the first one, `sums` is an array of four quads. */
  readonly epilogue: (row: string, column: string, sums: string) => string
}

export function threadsOf(tile: Tile): number {
  return (tile.rows / tile.blockRows) * (tile.columns / tile.blockColumns) * tile.splits
}

/** Quads of workgroup memory. */
export function sharedQuads(tile: Tile): number {
  const factors = (tile.depth * tile.splits * (tile.rows + tile.columns)) / 4
  const reduction = tile.splits > 1 ? (tile.rows * tile.columns * tile.splits) / 8 : 0
  return Math.max(factors, reduction)
}

export function tileKey({ rows, columns, blockRows, blockColumns, depth, splits }: Tile): string {
  return [rows, columns, blockRows, blockColumns, depth, splits].join('x')
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i)

/**
 * Statements that make the tile whose first element is (`firstRow`, `firstColumn`), for a module that declares
 * `var<workgroup> pool: array<vec4<f32>, ...>`. Sums run in a fixed order.
 */
export function tileProduct(
  tile: Tile,
  product: Product,
  firstRow: string,
  firstColumn: string,
): string {
  const { rows, columns, blockRows, blockColumns, depth, splits } = tile
  const across = columns / blockColumns
  const down = rows / blockRows
  const team = across * down
  const chunk = depth * splits
  const aQuads = rows / 4
  const bQuads = columns / 4
  const bStart = chunk * aQuads
  const aBlocks = range(blockRows / 4)
  const bBlocks = range(blockColumns / 4)
  const sums = range(blockRows).flatMap((i) => bBlocks.map((j) => `c${i}_${j}`))
  const threads = team * splits

  const inner = `for (var k = 0u; k < ${u32(depth)}; k++) {
      let term = split * ${u32(depth)} + k;
      ${aBlocks.map((i) => `let a${i} = pool[term * ${u32(aQuads)} + ${u32(i * down)} + ty];`).join('\n      ')}
      ${bBlocks.map((j) => `let b${j} = pool[${u32(bStart)} + term * ${u32(bQuads)} + ${u32(j * across)} + tx];`).join('\n      ')}
      ${range(blockRows)
        .flatMap((i) => bBlocks.map((j) => `c${i}_${j} += a${i >> 2}[${i & 3}] * b${j};`))
        .join('\n      ')}
    }`

  const reduction = range(Math.log2(splits))
    .map((level) => splits >> (level + 1))
    .map(
      (half) => `workgroupBarrier();
    if (split >= ${u32(half)} && split < ${u32(2 * half)}) {
      ${sums.map((c, i) => `pool[${u32(i * half * team)} + (split - ${u32(half)}) * ${u32(team)} + t] = ${c};`).join('\n      ')}
    }
    workgroupBarrier();
    if (split < ${u32(half)}) {
      ${sums.map((c, i) => `${c} += pool[${u32(i * half * team)} + split * ${u32(team)} + t];`).join('\n      ')}
    }`,
    )
    .join('\n    ')

  const finish = aBlocks
    .flatMap((i) =>
      bBlocks.map((j) => {
        const row = `r${i}_${j}`
        const column = `q${i}_${j}`
        const own = range(4).map((k) => `c${i * 4 + k}_${j}`)
        const statements = product.epilogue(row, column, `array<vec4<f32>, 4>(${own.join(', ')})`)
        return `{
      let ${row} = ${firstRow} + (${u32(i * down)} + ty) * 4u;
      let ${column} = ${firstColumn} + (${u32(j * across)} + tx) * 4u;
      ${statements}
    }`
      }),
    )
    .join('\n    ')

  return `{
    let t = lane % ${u32(team)};
    let split = lane / ${u32(team)};
    let tx = t % ${u32(across)};
    let ty = t / ${u32(across)};
    ${sums.map((c) => `var ${c} = vec4<f32>(0.0);`).join(' ')}
    for (var first = 0u; first < ${u32(product.terms)}; first += ${u32(chunk)}) {
      workgroupBarrier();
      ${load(product.a, rows, chunk, threads, '0u', firstRow)}
      ${load(product.b, columns, chunk, threads, u32(bStart), firstColumn)}
      workgroupBarrier();
      ${inner}
    }
    ${reduction}
    if (split == 0u) {
    ${finish}
    }
  }`
}

/** Brings `chunk` terms of all lines of the tile into workgroup memory, [term][line]. */
function load(
  factor: Factor,
  lines: number,
  chunk: number,
  threads: number,
  start: string,
  firstLine: string,
): string {
  const quads = lines / 4
  if (factor.order === 'lines')
    return `for (var i = lane; i < ${u32(chunk * quads)}; i += ${u32(threads)}) {
        let term = first + i / ${u32(quads)};
        let line = ${firstLine} + (i % ${u32(quads)}) * 4u;
        pool[${start} + i] = ${factor.quad('term', 'line')};
      }`
  return `for (var i = lane; i < ${u32((chunk / 4) * quads)}; i += ${u32(threads)}) {
        let term = first + (i % ${u32(chunk / 4)}) * 4u;
        let quad = i / ${u32(chunk / 4)};
        let line = ${firstLine} + quad * 4u;
        let x0 = ${factor.quad('line', 'term')};
        let x1 = ${factor.quad('(line + 1u)', 'term')};
        let x2 = ${factor.quad('(line + 2u)', 'term')};
        let x3 = ${factor.quad('(line + 3u)', 'term')};
        let at = ${start} + (i % ${u32(chunk / 4)}) * ${u32(4 * quads)} + quad;
        pool[at] = vec4<f32>(x0.x, x1.x, x2.x, x3.x);
        pool[at + ${u32(quads)}] = vec4<f32>(x0.y, x1.y, x2.y, x3.y);
        pool[at + ${u32(2 * quads)}] = vec4<f32>(x0.z, x1.z, x2.z, x3.z);
        pool[at + ${u32(3 * quads)}] = vec4<f32>(x0.w, x1.w, x2.w, x3.w);
      }`
}
