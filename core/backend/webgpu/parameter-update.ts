import type { Parameter } from '#core/nn/module'
import { floatOf } from './access'
import { TABLE } from './kernel'
import type { ParameterLayout } from './parameter-layout'
import { f32, u32 } from './wgsl/piece'
import type { UpdateRule } from './wgsl/update-rule'

/** The name under which kernels know the optimizer's rule. */
export const RULE = 'optimize'

/**
 * fn updateQuad(at, gradient, mask, group): the optimizer's step for four elements of a parameter, `at` in floats from the start of
 * each region; what `mask` leaves out stays as it is.
 * fn keepGradient(at, gradient): puts the gradient into its region, or adds it where the row of the table says so.
 */
export function updateFunctions(
  layout: ParameterLayout,
  rule: UpdateRule,
  limit: number | null,
): string {
  const regions = [layout.values, ...layout.slots]
  const quad = (region: number) => `arena[base + ${u32(region / 4)} + at / 4u]`
  const fields = ['value', ...rule.slots.map(({ name }) => name)]
  return `fn updateQuad(at: u32, raw: vec4<f32>, mask: vec4<bool>, group: u32) {
  let first = ${u32(TABLE.scalars)} + group * ${u32(rule.scalars.length)};
  let scalars = ${RULE}Scalars(${rule.scalars.map((_, i) => `scalar(first + ${u32(i)})`).join(', ')});
  let gradient = ${limit === null ? 'raw' : `clamp(raw, vec4<f32>(${f32(-limit)}), vec4<f32>(${f32(limit)}))`};
  ${regions.map((region, i) => `let old${i} = ${quad(region)};`).join('\n  ')}
  ${fields.map((_, i) => `var new${i} = old${i};`).join('\n  ')}
  for (var e = 0u; e < 4u; e++) {
    let state = ${RULE}(${RULE}State(${fields.map((_, i) => `old${i}[e]`).join(', ')}), gradient[e], scalars);
    ${fields.map((field, i) => `new${i}[e] = state.${field};`).join('\n    ')}
  }
  if (!live) { return; }
  ${regions.map((region, i) => `${quad(region)} = select(old${i}, new${i}, mask);`).join('\n  ')}
}`
}

export function keepFunctions(layout: ParameterLayout): string {
  const quad = `arena[base + ${u32(layout.gradients / 4)} + at / 4u]`
  return `fn keptGradient(at: u32) -> vec4<f32> { return ${quad}; }
fn keepGradient(at: u32, gradient: vec4<f32>) {
  if (!live) { return; }
  if (scalar(${u32(TABLE.accumulate)}) == 0.0) { ${quad} = gradient; } else { ${quad} += gradient; }
}`
}

/** A statement that does the same for one element of a parameter that is one row, in kernels that see floats. */
export function storeGradientElement(
  layout: ParameterLayout,
  parameter: Parameter,
  i: string,
  gradient: string,
): string {
  const place = floatOf(layout.matrixOf(parameter, layout.gradients), '0u', i)
  return `if (live) { ${place} = ${gradient} + select(${place}, 0.0, scalar(${u32(TABLE.accumulate)}) == 0.0); }`
}

/** Statements for a workgroup of `threads` over the quads of what is stored, `threads` quads a job, numbered from 0. */
export function overParameters(
  parameters: readonly ParameterLayout['stored'][number][],
  threads: number,
  job: string,
  statements: (at: string, mask: string, group: string) => string,
): { readonly code: string; readonly jobs: number } {
  let jobs = 0
  const branches = parameters.map(({ offset, rows, width, stride, group }) => {
    const quads = (rows * stride) / 4
    const from = jobs
    jobs += Math.ceil(quads / threads)
    const mask =
      width === stride
        ? 'vec4<bool>(true)'
        : `(vec4<u32>((i % ${u32(stride / 4)}) * 4u) + vec4<u32>(0u, 1u, 2u, 3u)) < vec4<u32>(${u32(width)})`
    return `if (${job} >= ${u32(from)} && ${job} < ${u32(jobs)}) {
    let i = (${job} - ${u32(from)}) * ${u32(threads)} + lane;
    if (i < ${u32(quads)}) { ${statements(`(${u32(offset)} + i * 4u)`, mask, u32(group))} }
  }`
  })
  return { code: branches.join(' else '), jobs }
}
