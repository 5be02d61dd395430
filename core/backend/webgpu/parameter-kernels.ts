/* Kernels over parameters as a whole: what cannot be done while a gradient is still in registers. */
import type { Matrix } from './arena-layout'
import { quadOf } from './access'
import { type Kernel, TABLE } from './kernel'
import type { Clipping } from './clipped-gradient'
import type { Optimizers } from './optimizers'
import type { ParameterLayout, StoredParameter } from './parameter-layout'
import { keepFunctions, overParameters, updateFunctions } from './parameter-update'
import { f32, u32 } from './wgsl/piece'

const THREADS = 64

/** Sums of squares of the gradients that `normPartials` leaves: one quad holds four. */
export const NORM_PARTIALS = 64

/** partials[job] = sum of the squares of a share of the gradients. */
export function normPartials(layout: ParameterLayout, partials: Matrix): Kernel {
  const quads = layout.size / 4
  const share = Math.ceil(quads / NORM_PARTIALS)
  return {
    label: 'norm of the gradients',
    threads: THREADS,
    elements: 'floats',
    updates: true,
    pieces: [],
    declarations: `var<workgroup> sums: array<f32, ${THREADS}>;`,
    body: `var sum = 0.0;
  let begin = ${u32(layout.gradients)} + job * ${u32(share * 4)};
  let end = min(begin + ${u32(share * 4)}, ${u32(layout.gradients + layout.size)});
  for (var i = begin + lane; i < end; i += ${u32(THREADS)}) {
    let g = arena[base + i];
    sum += g * g;
  }
  sums[lane] = sum;
  ${treeSum('sums', THREADS)}
  if (lane == 0u && live) { arena[base + ${u32(partials.offset)} + job] = sums[0]; }`,
    jobs: () => NORM_PARTIALS,
  }
}

/** The optimizer, over gradients that are in their region: torch's clip_grad_norm_, then clip_grad_value_, then the step. */
export function parameterUpdate(
  layout: ParameterLayout,
  optimizers: Optimizers,
  { value, norm }: Clipping,
): Kernel {
  const { code, jobs } = overParameters(layout.stored, THREADS, 'job', (at, mask, cell) =>
    norm === null
      ? `updateQuad(${at}, keptGradient(${at}), ${mask}, ${cell});`
      : `updateQuad(${at}, shrink * keptGradient(${at}), ${mask}, ${cell});`,
  )
  const shrink =
    norm === null
      ? ''
      : `var total = vec4<f32>(0.0);
  for (var i = 0u; i < ${u32(NORM_PARTIALS)}; i += 4u) { total += ${quadOf(norm.partials, '0u', 'i')}; }
  let size = sqrt((total.x + total.y) + (total.z + total.w));
  let shrink = min(1.0, ${f32(norm.limit)} / (size + 1e-6));`
  return {
    label: 'update of all parameters',
    threads: THREADS,
    elements: 'quads',
    updates: true,
    pieces: optimizers.elementRules.map(({ rule }) => rule),
    declarations: `${keepFunctions(layout)}
${updateFunctions(layout, optimizers, value)}`,
    body: `${shrink}
  ${code}`,
    jobs: () => jobs,
  }
}

/** core/optim/max-norm.ts: one workgroup for each row of each weight matrix. */
export function limitNorms(
  layout: ParameterLayout,
  weights: readonly StoredParameter[],
  limit: number,
): Kernel {
  let jobs = 0
  const branches = weights.map(({ offset, rows, stride }) => {
    const from = jobs
    jobs += rows
    return `if (job >= ${u32(from)} && job < ${u32(jobs)}) {
    first = ${u32(layout.values + offset)} + (job - ${u32(from)}) * ${u32(stride)};
    count = ${u32(stride)};
  }`
  })
  return {
    label: 'max-norm',
    threads: THREADS,
    elements: 'floats',
    updates: true,
    pieces: [],
    declarations: `var<workgroup> sums: array<f32, ${THREADS}>;`,
    body: `var first = 0u;
  var count = 0u;
  ${branches.join(' else ')}
  var sum = 0.0;
  for (var i = lane; i < count; i += ${u32(THREADS)}) {
    let w = arena[base + first + i];
    sum += w * w;
  }
  sums[lane] = sum;
  ${treeSum('sums', THREADS)}
  let size = sqrt(sums[0]);
  if (live && size > ${f32(limit)}) {
    let factor = ${f32(limit)} / (size + 1e-7);
    for (var i = lane; i < count; i += ${u32(THREADS)}) { arena[base + first + i] *= factor; }
  }`,
    jobs: () => jobs,
  }
}

/** averages = keep * averages + take * values, by the row of the table: EMA at every step, SWA when it is told to. */
export function averageParameters(layout: ParameterLayout, averages: number): Kernel {
  const quads = layout.size / 4
  const at = (region: number) => `arena[base + ${u32(region / 4)} + i]`
  return {
    label: 'averages',
    threads: THREADS,
    elements: 'quads',
    updates: true,
    pieces: [],
    declarations: '',
    body: `let i = job * ${u32(THREADS)} + lane;
  if (live && i < ${u32(quads)}) {
    let keep = scalar(${u32(TABLE.averageKeep)});
    let take = scalar(${u32(TABLE.averageTake)});
    ${at(averages)} = keep * ${at(averages)} + take * ${at(layout.values)};
  }`,
    jobs: () => Math.ceil(quads / THREADS),
  }
}

/** Statements that add up `count` (a power of two) elements of a workgroup's array into its first, in a fixed order. */
export function treeSum(array: string, count: number): string {
  const halves = Array.from({ length: Math.log2(count) }, (_, i) => count >> (i + 1))
  return [
    'workgroupBarrier();',
    ...halves.map(
      (half) => `if (lane < ${u32(half)}) { ${array}[lane] += ${array}[lane + ${u32(half)}]; }
  workgroupBarrier();`,
    ),
  ].join('\n  ')
}
