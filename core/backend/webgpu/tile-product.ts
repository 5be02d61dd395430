import { pitchOf, type Tile, teamOf } from './tile'
import { type Factor, itemsOf, load, loadAhead, type Place } from './tile-loads'
import { u32 } from './wgsl/piece'

export interface Product {
  /** Terms of each sum. */
  readonly terms: number
  readonly a: Factor
  readonly b: Factor
  /** Statements for four rows of four results: `row` and `column` name the first one, `sums` is an array of four quads. */
  readonly epilogue: (row: string, column: string, sums: string) => string
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
  const { rows, columns, blockRows, blockColumns, depth, splits, ahead } = tile
  const across = columns / blockColumns
  const down = rows / blockRows
  const team = teamOf(tile)
  const chunk = depth * splits
  const bStart = chunk * pitchOf(rows)
  const a: Place = {
    name: 'a',
    factor: product.a,
    lines: rows,
    firstLine: firstRow,
    start: 0,
    shift: 0,
  }
  const b: Place = {
    name: 'b',
    factor: product.b,
    lines: columns,
    firstLine: firstColumn,
    start: bStart,
    shift: itemsOf(a, tile),
  }
  const aBlocks = range(blockRows / 4)
  const bBlocks = range(blockColumns / 4)
  const sums = range(blockRows).flatMap((i) => bBlocks.map((j) => `c${i}_${j}`))

  const inner = `for (var k = 0u; k < ${u32(depth)}; k++) {
      let term = split * ${u32(depth)} + k;
      ${aBlocks.map((i) => `let a${i} = pool[term * ${u32(pitchOf(rows))} + ${u32(i * down)} + ty];`).join('\n      ')}
      ${bBlocks.map((j) => `let b${j} = pool[${u32(bStart)} + term * ${u32(pitchOf(columns))} + ${u32(j * across)} + tx];`).join('\n      ')}
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
    ${ahead ? pipelined(tile, a, b, product.terms, inner) : staged(tile, a, b, product.terms, inner)}
    ${reduction}
    if (split == 0u) {
    ${finish}
    }
  }`
}

/** Chunk after chunk: load, then work. */
function staged(tile: Tile, a: Place, b: Place, terms: number, inner: string): string {
  const loads = [load(a, tile), load(b, tile)]
  return `${loads.map(({ begin }) => begin).join('\n    ')}
    ${eachChunk(
      tile,
      terms,
      `workgroupBarrier();
      ${loads.map((own) => own.load).join('\n      ')}
      workgroupBarrier();
      ${inner}`,
    )}`
}

/** The next chunk is read while the present one is worked on. */
function pipelined(tile: Tile, a: Place, b: Place, terms: number, inner: string): string {
  const chunk = tile.depth * tile.splits
  const loads = [loadAhead(a, tile), loadAhead(b, tile)]
  const fetch = (first: string) => loads.map((own) => own.fetch(first)).join('\n      ')
  const next = `if (first + ${u32(chunk)} < ${u32(terms)}) {
      ${fetch(`(first + ${u32(chunk)})`)}
      }`
  return `${loads.map(({ begin }) => begin).join('\n    ')}
    ${fetch('0u')}
    ${eachChunk(
      tile,
      terms,
      `workgroupBarrier();
      ${loads.map(({ store }) => store).join('\n      ')}
      workgroupBarrier();
      ${terms > chunk ? next : ''}
      ${inner}`,
    )}`
}

/** Counts by one: a loop whose end a compiler does not see is given a guard. */
function eachChunk({ depth, splits }: Tile, terms: number, statements: string): string {
  const chunk = depth * splits
  return `for (var chunk = 0u; chunk < ${u32(Math.ceil(terms / chunk))}; chunk++) {
      let first = chunk * ${u32(chunk)};
      ${statements}
    }`
}
