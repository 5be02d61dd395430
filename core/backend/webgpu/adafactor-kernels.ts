/* core/optim/adafactor.ts over gradients that are in their region: sums over rows and columns, then over all, then the step. */
import type { ArenaLayout, Matrix } from './arena-layout'
import { type Clipping, clippedGradient } from './clipped-gradient'
import type { Kernel } from './kernel'
import type { Optimizers } from './optimizers'
import { treeSum } from './parameter-kernels'
import type { ParameterLayout, StoredParameter } from './parameter-layout'
import { f32, u32 } from './wgsl/piece'
import { lerp } from './wgsl/recipe'

const THREADS = 64

interface Plan {
  readonly optimizers: Optimizers
  readonly layout: ParameterLayout
  readonly clipping: Clipping
  readonly stored: readonly StoredParameter[]
  /** [1, rows of all parameters] sums of squares of the values, and of the squares of the update. */
  readonly squares: Matrix
  readonly updates: Matrix
}

/** The kernels of all parameters that some run updates with Adafactor; none where no run does. */
export function adafactorKernels(
  arena: ArenaLayout,
  layout: ParameterLayout,
  optimizers: Optimizers,
  clipping: Clipping,
): readonly Kernel[] {
  const stored = layout.stored.filter(({ parameter }) =>
    optimizers.rulesOf(parameter.name).some(({ kind }) => kind === 'Adafactor'),
  )
  if (stored.length === 0) return []
  const rows = stored.reduce((sum, parameter) => sum + parameter.rows, 0)
  const plan: Plan = {
    optimizers,
    layout,
    clipping,
    stored,
    squares: arena.matrix(1, rows),
    updates: arena.matrix(1, rows),
  }
  return [rowMeans(plan), columnMeans(plan), rowTotals(plan), step(plan)]
}

/** rowVar of a matrix, the variance of a vector; sums of squares of the values. */
function rowMeans(plan: Plan): Kernel {
  return overRows(
    'Adafactor rows',
    plan,
    `var part = 0.0;
  var own = 0.0;
  for (var i = lane; i < count; i += ${u32(THREADS)}) {
    let g = gradientAt(first + i);
    let v = valueAt(first + i);
    part += g * g;
    own += v * v;
    if (rows == 0u) { setSlot0(first + i, lerpFromNearer(slot0(first + i), g * g, scalar(cellScalars + 1u))); }
  }
  ${laneSum('sum', 'part')}
  ${laneSum('ownSum', 'own')}
  if (lane == 0u && count > 0u) {
    if (rows > 0u) { setSlot0(offset + row, lerpFromNearer(slot0(offset + row), sum / f32(count), scalar(cellScalars + 1u))); }
    ${store(plan.squares, 'job', 'ownSum')}
  }`,
  )
}

/** colVar of a matrix: an invocation a column. */
function columnMeans(plan: Plan): Kernel {
  let jobs = 0
  const branches = plan.stored.filter(isMatrix).map(({ offset, rows, width, stride, cell }) => {
    const from = jobs
    jobs += Math.ceil(width / THREADS)
    return `if (job >= ${u32(from)} && job < ${u32(jobs)}) {
    let column = (job - ${u32(from)}) * ${u32(THREADS)} + lane;
    if (column < ${u32(width)} && isAdafactor(${u32(cell)})) {
      var sum = 0.0;
      for (var row = 0u; row < ${u32(rows)}; row++) {
        let g = gradientAt(${u32(offset)} + row * ${u32(stride)} + column);
        sum += g * g;
      }
      let at = ${u32(offset)} + column;
      let fresh = scalar(${plan.optimizers.firstScalar(u32(cell))} + 1u);
      setSlot1(at, lerpFromNearer(slot1(at), sum / ${f32(rows)}, fresh));
    }
  }`
  })
  return {
    ...kernelOf('Adafactor columns', plan, `prepare();\n  ${branches.join(' else ')}`),
    jobs: () => Math.max(1, jobs),
  }
}

/** down: what is left of rowVar for a row. */
const FACTORS = `var rowVars = 0.0;
  for (var r = lane; r < rows; r += ${u32(THREADS)}) { rowVars += slot0(offset + r); }
  ${laneSum('rowVarSum', 'rowVars')}
  var down = 1.0;
  if (rows > 0u) { down = slot0(offset + row) / max(rowVarSum / f32(rows), scalar(cellScalars + 2u)); }
  let floor = scalar(cellScalars + 3u);`
const SQUARE = 'max(down * acrossOf(offset, first, i, rows), floor)'
/** colVar, or a vector's variance. */
const ACROSS = `fn acrossOf(offset: u32, first: u32, i: u32, rows: u32) -> f32 {
  if (rows > 0u) { return slot1(offset + i); }
  return slot0(first + i);
}`

function rowTotals(plan: Plan): Kernel {
  return overRows(
    'Adafactor size of the update',
    plan,
    `${FACTORS}
  var part = 0.0;
  for (var i = lane; i < count; i += ${u32(THREADS)}) {
    let g = gradientAt(first + i);
    part += g * g / ${SQUARE};
  }
  ${laneSum('sum', 'part')}
  if (lane == 0u && count > 0u) { ${store(plan.updates, 'job', 'sum')} }`,
  )
}

function step(plan: Plan): Kernel {
  return overRows(
    'Adafactor',
    plan,
    `${FACTORS}
  var part = 0.0;
  var partUpdate = 0.0;
  for (var r = lane; r < max(rows, 1u); r += ${u32(THREADS)}) {
    part += ${load(plan.squares, 'job - row + r')};
    partUpdate += ${load(plan.updates, 'job - row + r')};
  }
  ${laneSum('squares', 'part')}
  ${laneSum('updates', 'partUpdate')}
  let size = sqrt(f32(count * max(rows, 1u)));
  let alpha = max(scalar(cellScalars + 4u), sqrt(squares) / size) * scalar(cellScalars);
  let stepSize = alpha / max(1.0, sqrt(updates) / (size * scalar(cellScalars + 5u)));
  for (var i = lane; i < count; i += ${u32(THREADS)}) {
    let u = gradientAt(first + i) / sqrt(${SQUARE});
    setValue(first + i, valueAt(first + i) * scalar(cellScalars + 6u) - stepSize * u);
  }`,
  )
}

/**
 * A workgroup for each row of each parameter: `first` element and `count` of them, `row` of `rows` (0 for a vector), `offset` of the
 * parameter, `cellScalars` where its scalars begin.
 */
function overRows(label: string, plan: Plan, statements: string): Kernel {
  let jobs = 0
  const branches = plan.stored.map((parameter) => {
    const { offset, rows, width, stride, cell } = parameter
    const from = jobs
    jobs += rows
    return `if (job >= ${u32(from)} && job < ${u32(jobs)} && isAdafactor(${u32(cell)})) {
    row = job - ${u32(from)};
    first = ${u32(offset)} + row * ${u32(stride)};
    count = ${u32(width)};
    rows = ${isMatrix(parameter) ? u32(rows) : '0u'};
    offset = ${u32(offset)};
    cellScalars = ${plan.optimizers.firstScalar(u32(cell))};
  }`
  })
  const body = `prepare();
  var row = 0u;
  var first = 0u;
  var count = 0u;
  var rows = 0u;
  var offset = 0u;
  var cellScalars = 0u;
  ${branches.join(' else ')}
  ${statements}`
  return { ...kernelOf(label, plan, body), jobs: () => jobs }
}

function kernelOf(
  label: string,
  { layout, optimizers, clipping }: Plan,
  body: string,
): Omit<Kernel, 'jobs'> {
  const [slot0 = 0, slot1 = 0] = layout.slots
  const access = (
    name: string,
    setter: string,
    region: number,
  ) => `fn ${name}(at: u32) -> f32 { return arena[base + ${u32(region)} + at]; }
fn ${setter}(at: u32, value: f32) { if (live) { arena[base + ${u32(region)} + at] = value; } }`
  return {
    label,
    threads: THREADS,
    elements: 'floats',
    updates: true,
    pieces: [lerp],
    declarations: `var<workgroup> sums: array<f32, ${THREADS}>;
${optimizers.ruleFunction}
fn isAdafactor(cell: u32) -> bool { return ruleOf(cell) == ${u32(optimizers.numberOf('Adafactor'))}; }
${access('valueAt', 'setValue', layout.values)}
${access('slot0', 'setSlot0', slot0)}
${access('slot1', 'setSlot1', slot1)}
${ACROSS}
${clippedGradient(layout, clipping)}`,
    body,
  }
}

function isMatrix({ parameter }: StoredParameter): boolean {
  return parameter.shape.length === 2
}

/** `name`: the sum of `value` over the lanes, in all of them. */
function laneSum(name: string, value: string): string {
  return `sums[lane] = ${value};
  ${treeSum('sums', THREADS)}
  let ${name} = sums[0];
  workgroupBarrier();`
}

function load({ offset }: Matrix, i: string): string {
  return `arena[base + ${u32(offset)} + ${i}]`
}

function store(matrix: Matrix, i: string, value: string): string {
  return `if (live) { ${load(matrix, i)} = ${value}; }`
}
