import type { Piece } from './piece'

/**
 * Part of a layer's work, as fn work(job: u32, lane: u32): `lane` is the invocation in its workgroup of `lanes`, all of which must
 * call it with the same `job`. What it reads and writes: piece.ts.
 */
export interface Pass extends Piece {
  readonly lanes: number
  /** Workgroups for so many rows. */
  readonly jobs: (rows: number) => number
}

/** A layer other than Linear. */
export interface LayerPasses {
  readonly forward: Pass
  /** The forward pass in evaluation, where it is another one. */
  readonly evaluation: Pass
  /** In the order in which they run. */
  readonly backward: readonly Pass[]
  /** What the forward pass leaves for the backward pass: [2, rows] or [2, columns] numbers, by statisticAt and setStatistic. */
  readonly statistics: 'rows' | 'columns' | null
}

export const LANES = 64

/** One invocation an element: `statements` over row and column, for `width` columns. */
export function elementPass(width: number, statements: string, uses: readonly Piece[] = []): Pass {
  return {
    uses,
    lanes: LANES,
    jobs: (rows) => Math.ceil((rows * width) / LANES),
    code: `
fn work(job: u32, lane: u32) {
  let element = job * ${LANES}u + lane;
  let row = element / ${width}u;
  let column = element % ${width}u;
  if (row >= rowCount()) { return; }
${statements}
}`,
  }
}

/** One workgroup a row: `statements` over row and lane; they may sum over the lanes. */
export function rowPass(statements: string, uses: readonly Piece[] = []): Pass {
  return {
    uses: [laneSums, ...uses],
    lanes: LANES,
    jobs: (rows) => rows,
    code: `
fn work(row: u32, lane: u32) {
  let inside = row < rowCount();
${statements}
}`,
  }
}

/**
 * One workgroup for 8 columns: `statements` over column, team and inside (whether there is such a column); the 8 teams share out the
 * rows, row = team, team + 8, ...; columnSum(lane, value) adds up the teams'.
 */
export function columnPass(width: number, statements: string, uses: readonly Piece[] = []): Pass {
  return {
    uses: [columnSums, ...uses],
    lanes: LANES,
    jobs: () => Math.ceil(width / COLUMNS),
    code: `
fn work(job: u32, lane: u32) {
  let column = job * ${COLUMNS}u + lane % ${COLUMNS}u;
  let team = lane / ${COLUMNS}u;
  let inside = column < ${width}u;
  let count = select(0u, rowCount(), inside);
${statements}
}`,
  }
}

const COLUMNS = 8
/** For loops over the rows of a column. */
export const overRows = `for (var row = team; row < count; row += ${LANES / COLUMNS}u)`

/** For loops over the columns of a row; no column of a row that is not there. */
export function overColumns(width: number): string {
  return `for (var column = select(${width}u, lane, inside); column < ${width}u; column += ${LANES}u)`
}

/** laneSum and laneMax of a value of each lane, for all lanes; in a fixed order. */
const laneSums: Piece = {
  code: `
var<workgroup> laneValues: array<f32, ${LANES}>;
fn laneSum(lane: u32, value: f32) -> f32 {
  laneValues[lane] = value;
  for (var half = ${LANES / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { laneValues[lane] += laneValues[lane + half]; }
  }
  workgroupBarrier();
  let sum = laneValues[0];
  workgroupBarrier();
  return sum;
}
fn laneMax(lane: u32, value: f32) -> f32 {
  laneValues[lane] = value;
  for (var half = ${LANES / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { laneValues[lane] = max(laneValues[lane], laneValues[lane + half]); }
  }
  workgroupBarrier();
  let largest = laneValues[0];
  workgroupBarrier();
  return largest;
}`,
}

const columnSums: Piece = {
  code: `
var<workgroup> columnValues: array<f32, ${LANES}>;
fn columnSum(lane: u32, value: f32) -> f32 {
  columnValues[lane] = value;
  for (var half = ${LANES / 2}u; half >= ${COLUMNS}u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { columnValues[lane] += columnValues[lane + half]; }
  }
  workgroupBarrier();
  let sum = columnValues[lane % ${COLUMNS}u];
  workgroupBarrier();
  return sum;
}`,
}
