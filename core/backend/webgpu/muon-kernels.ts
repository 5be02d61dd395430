/*
 * core/optim/muon.ts over gradients that are in their region: momentum, the nearest orthogonal matrix by Newton-Schulz steps with every
 * result rounded to bfloat16 (core/optim/newton-schulz.ts), then the step. Each kernel works on all matrices.
 */
import { lineReader, quadOf } from './access'
import type { ArenaLayout, Matrix } from './arena-layout'
import { type Clipping, clippedGradient } from './clipped-gradient'
import type { Kernel } from './kernel'
import { lines } from './linear-kernels'
import type { Optimizers } from './optimizers'
import { treeSum } from './parameter-kernels'
import type { ParameterLayout, StoredParameter } from './parameter-layout'
import { sharedQuads, threadsOf, type Tile } from './tile'
import type { Factor } from './tile-loads'
import { tileProduct } from './tile-product'
import { bfloat16 } from './wgsl/bfloat16'
import { MUON_SCALARS, type MuonScalar } from './wgsl/muon-rule'
import { f32, u32 } from './wgsl/piece'
import { lerp } from './wgsl/recipe'

const THREADS = 64
const TILE: Tile = {
  rows: 32,
  columns: 32,
  blockRows: 4,
  blockColumns: 4,
  depth: 16,
  splits: 1,
  ahead: false,
}

/** A weight matrix as it is worked on: [lines, length], lines <= length. */
interface Work {
  readonly stored: StoredParameter
  readonly lines: number
  readonly length: number
  readonly transposed: boolean
  readonly x: Matrix
  readonly next: Matrix
  readonly gram: Matrix
  readonly polynomial: Matrix
  /** [1, lines] sums of squares */
  readonly squares: Matrix
}

interface Plan {
  readonly layout: ParameterLayout
  readonly optimizers: Optimizers
  readonly clipping: Clipping
  readonly works: readonly Work[]
}

/** The kernels of all matrices that some run updates with Muon; none where no run does. */
export function muonKernels(
  arena: ArenaLayout,
  layout: ParameterLayout,
  optimizers: Optimizers,
  clipping: Clipping,
): readonly Kernel[] {
  const steps = optimizers.rules.map((own) => (own.kind === 'Muon' ? own.rule.steps : 0))
  const works = layout.stored
    .filter(({ parameter }) =>
      optimizers.rulesOf(parameter.name).some(({ kind }) => kind === 'Muon'),
    )
    .map((stored) => workOf(arena, stored))
  if (works.length === 0) return []
  const plan: Plan = { layout, optimizers, clipping, works }
  const rounds = Array.from({ length: Math.max(...steps) }, (_, i) => newtonSchulz(plan, i))
  return [momentum(plan), normalize(plan), ...rounds.flat(), update(plan, rounds.length % 2 === 1)]
}

function workOf(arena: ArenaLayout, stored: StoredParameter): Work {
  const lines = Math.min(stored.rows, stored.width)
  const length = Math.max(stored.rows, stored.width)
  return {
    stored,
    lines,
    length,
    transposed: stored.rows > stored.width,
    x: arena.matrix(lines, length),
    next: arena.matrix(lines, length),
    gram: arena.matrix(lines, lines),
    polynomial: arena.matrix(lines, lines),
    squares: arena.matrix(1, lines),
  }
}

/** buffer = lerp(buffer, g, 1 - momentum); x = lerp(g, buffer, momentum) with Nesterov, else buffer. */
function momentum(plan: Plan): Kernel {
  return overLines('Muon momentum', plan, ({ x, squares, length }) => [
    `var part = 0.0;
    for (var k = lane; k < ${u32(length)}; k += ${u32(THREADS)}) {
      let at = place(line, k);
      let g = gradientAt(at);
      let b = lerpFromNearer(bufferAt(at), g, ${own('fresh')});
      setBuffer(at, b);
      let v = toBfloat16(select(b, lerpFromNearer(g, b, ${own('momentum')}), ${own('nesterov')} != 0.0));
      putAt(${at(x)}, v);
      part += v * v;
    }`,
    laneSum,
    `if (lane == 0u) { putAt(${u32(squares.offset)} + line, sum); }`,
  ])
}

/** x = x / max(norm, eps) */
function normalize(plan: Plan): Kernel {
  return overLines('Muon norm', plan, ({ x, squares, lines: count, length }) => [
    `var part = 0.0;
    for (var i = lane; i < ${u32(count)}; i += ${u32(THREADS)}) { part += arena[base + ${u32(squares.offset)} + i]; }`,
    laneSum,
    `let norm = max(toBfloat16(sqrt(sum)), ${own('eps')});
    for (var k = lane; k < ${u32(length)}; k += ${u32(THREADS)}) { putAt(${at(x)}, toBfloat16(arena[base + ${at(x)}] / norm)); }`,
  ])
}

/** value = value * shrink - rate * x; the decay by the rate before it is adjusted to the shape. */
function update(plan: Plan, swapped: boolean): Kernel {
  return overLines('Muon', plan, ({ x, next, stored: { rows, width }, length }) => {
    const original = f32(Math.sqrt(Math.max(1, rows / width)))
    const likeAdamW = f32(0.2 * Math.sqrt(Math.max(rows, width)))
    return [
      `let rate = ${own('rate')} * select(${original}, ${likeAdamW}, ${own('matchRmsAdamW')} != 0.0);
    for (var k = lane; k < ${u32(length)}; k += ${u32(THREADS)}) {
      let at = place(line, k);
      setValue(at, valueAt(at) * ${own('shrink')} - rate * arena[base + ${at(swapped ? next : x)}]);
    }`,
    ]
  })
}

/** G = x xᵀ; P = b G + c G²; next = a x + P x. In odd rounds x and next have changed places. */
function newtonSchulz(plan: Plan, round: number): readonly Kernel[] {
  const from = (work: Work) => (round % 2 === 0 ? work.x : work.next)
  const here = (matrix: Matrix) => quadOf(matrix, 'row', 'column')
  return [
    product('Muon gram matrix', plan, (work) => ({
      out: work.gram,
      left: from(work),
      right: from(work),
      order: 'terms',
      result: 'toBfloat16s(products)',
    })),
    product('Muon polynomial', plan, ({ polynomial, gram }) => ({
      out: polynomial,
      left: gram,
      right: gram,
      order: 'terms',
      result: `toBfloat16s(${own('b')} * ${here(gram)} + ${own('c')} * products)`,
    })),
    product('Muon Newton-Schulz step', plan, (work) => ({
      out: round % 2 === 0 ? work.next : work.x,
      left: work.polynomial,
      right: from(work),
      order: 'lines',
      result: `select(${here(from(work))}, toBfloat16s(${own('a')} * ${here(from(work))} + products), ${own('steps')} > ${f32(round)})`,
    })),
  ]
}

/** out [lines of left, columns of right] = result, an expression of `products`, `row` and `column`. */
interface Product {
  readonly out: Matrix
  readonly left: Matrix
  /** 'terms': it is given transposed. */
  readonly right: Matrix
  readonly order: 'terms' | 'lines'
  readonly result: string
}

function product(label: string, plan: Plan, productOf: (work: Work) => Product): Kernel {
  let jobs = 0
  const parts = plan.works.map((work, i) => {
    const { out, left, right, order, result } = productOf(work)
    const across = Math.ceil(out.width / TILE.columns)
    const from = jobs
    jobs += Math.ceil(work.lines / TILE.rows) * across
    const b: Factor =
      order === 'terms'
        ? lines(`right${i}`)
        : { order, quad: (term, line) => `right${i}(right${i}Line(${term}), ${line})` }
    return {
      declarations: `${lineReader(`left${i}`, { kind: 'matrix', matrix: left }, work.lines)}
${lineReader(`right${i}`, { kind: 'matrix', matrix: right }, work.lines)}
fn finish${i}(firstRow: u32, column: u32, sums: array<vec4<f32>, 4>) {
  var all = sums;
  let cell = ${u32(work.stored.cell)};
  for (var k = 0u; k < 4u; k++) {
    let row = firstRow + k;
    let products = all[k];
    if (!live || !isMuon(cell) || row >= ${u32(work.lines)} || column >= ${u32(out.stride)}) { continue; }
    ${quadOf(out, 'row', 'column')} = ${result};
  }
}`,
      branch: `if (job >= ${u32(from)} && job < ${u32(jobs)}) {
    let tileNumber = job - ${u32(from)};
    ${tileProduct(
      TILE,
      {
        terms: left.stride,
        a: lines(`left${i}`),
        b,
        epilogue: (row, column, sums) => `finish${i}(${row}, ${column}, ${sums});`,
      },
      `(tileNumber / ${u32(across)}) * ${u32(TILE.rows)}`,
      `(tileNumber % ${u32(across)}) * ${u32(TILE.columns)}`,
    )}
  }`,
    }
  })
  return {
    label,
    threads: threadsOf(TILE),
    elements: 'quads',
    updates: true,
    pieces: [bfloat16],
    declarations: `var<workgroup> pool: array<vec4<f32>, ${sharedQuads(TILE)}>;
${scalarFunctions(plan.optimizers)}
${parts.map(({ declarations }) => declarations).join('\n')}`,
    body: parts.map(({ branch }) => branch).join(' else '),
    jobs: () => jobs,
  }
}

/** A workgroup for each line of each matrix, with `line` and `cell`. */
function overLines(
  label: string,
  { layout, optimizers, clipping, works }: Plan,
  statements: (work: Work) => readonly string[],
): Kernel {
  let jobs = 0
  const branches = works.map((work, i) => {
    const from = jobs
    jobs += work.lines
    const text = statements(work).join('\n    ').replaceAll('place(', `place${i}(`)
    return `if (job >= ${u32(from)} && job < ${u32(jobs)}) {
    let line = job - ${u32(from)};
    let cell = ${u32(work.stored.cell)};
    mine = isMuon(cell);
    ${text}
  }`
  })
  const places = works.map(
    ({ stored: { offset, stride }, transposed }, i) =>
      `fn place${i}(line: u32, k: u32) -> u32 { return ${u32(offset)} + ${transposed ? `k * ${u32(stride)} + line` : `line * ${u32(stride)} + k`}; }`,
  )
  return {
    label,
    threads: THREADS,
    elements: 'floats',
    updates: true,
    pieces: [lerp, bfloat16],
    declarations: `var<workgroup> sums: array<f32, ${THREADS}>;
var<private> mine: bool;
${scalarFunctions(optimizers)}
fn putAt(at: u32, value: f32) { if (live && mine) { arena[base + at] = value; } }
fn valueAt(at: u32) -> f32 { return arena[base + ${u32(layout.values)} + at]; }
fn setValue(at: u32, value: f32) { putAt(${u32(layout.values)} + at, value); }
fn bufferAt(at: u32) -> f32 { return arena[base + ${u32(layout.slots[0] ?? 0)} + at]; }
fn setBuffer(at: u32, value: f32) { putAt(${u32(layout.slots[0] ?? 0)} + at, value); }
${places.join('\n')}
${clippedGradient(layout, clipping)}`,
    body: `prepare();
  ${branches.join(' else ')}`,
    jobs: () => jobs,
  }
}

function scalarFunctions(optimizers: Optimizers): string {
  return `${optimizers.ruleFunction}
fn isMuon(cell: u32) -> bool { return ruleOf(cell) == ${u32(optimizers.numberOf('Muon'))}; }
fn own(cell: u32, i: u32) -> f32 { return scalar(${optimizers.firstScalar('cell')} + i); }`
}

/** One of the rule's scalars, by the `cell` at hand. */
function own(name: MuonScalar): string {
  return `own(cell, ${u32(MUON_SCALARS.indexOf(name))})`
}

/** Element `k` of `line`. */
function at({ offset, stride }: Matrix): string {
  return `${u32(offset)} + line * ${u32(stride)} + k`
}

/** sum: that of `part` over the lanes, in all of them. */
const laneSum = `sums[lane] = part;
    ${treeSum('sums', THREADS)}
    let sum = sums[0];`
