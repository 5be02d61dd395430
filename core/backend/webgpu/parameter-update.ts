import type { Parameter } from '#core/nn/module'
import { floatOf } from './access'
import { TABLE } from './kernel'
import type { Optimizers } from './optimizers'
import type { ParameterLayout } from './parameter-layout'
import { f32, u32 } from './wgsl/piece'
import type { UpdateRule } from './wgsl/update-rule'

/**
 * fn updateQuad(at, gradient, mask, cell): the optimizer's step for four elements of a parameter, `at` in floats from the start of
 * each region; what `mask` leaves out stays as it is.
 */
export function updateFunctions(
  layout: ParameterLayout,
  optimizers: Optimizers,
  limit: number | null,
): string {
  const rules = optimizers.elementRules
  const gradient =
    limit === null ? 'raw' : `clamp(raw, vec4<f32>(${f32(-limit)}), vec4<f32>(${f32(limit)}))`
  const cases = rules.map(
    ({ number }) => `case ${u32(number)}: { updateQuad${number}(at, gradient, mask, first); }`,
  )
  return `${rules.map(({ rule, number }) => ruleFunction(layout, rule, number)).join('\n')}
${optimizers.ruleFunction}
fn updateQuad(at: u32, raw: vec4<f32>, mask: vec4<bool>, cell: u32) {
  let first = ${optimizers.firstScalar('cell')};
  let gradient = ${gradient};
  ${optimizers.rules.length === 1 && rules.length === 1 ? 'updateQuad0(at, gradient, mask, first);' : `switch ruleOf(cell) { ${cases.join(' ')} default: {} }`}
}`
}

function ruleFunction(layout: ParameterLayout, rule: UpdateRule, number: number): string {
  const regions = [layout.values, ...layout.slots.slice(0, rule.slots.length)]
  const quad = (region: number) => `arena[base + ${u32(region / 4)} + at / 4u]`
  const fields = ['value', ...rule.slots.map(({ name }) => name)]
  const name = `optimize${number}`
  return `fn updateQuad${number}(at: u32, gradient: vec4<f32>, mask: vec4<bool>, first: u32) {
  let scalars = ${name}Scalars(${rule.scalars.map((_, i) => `scalar(first + ${u32(i)})`).join(', ')});
  ${regions.map((region, i) => `let old${i} = ${quad(region)};`).join('\n  ')}
  ${fields.map((_, i) => `var new${i} = old${i};`).join('\n  ')}
  for (var e = 0u; e < 4u; e++) {
    let state = ${name}(${name}State(${fields.map((_, i) => `old${i}[e]`).join(', ')}), gradient[e], scalars);
    ${fields.map((field, i) => `new${i}[e] = state.${field};`).join('\n    ')}
  }
  if (!live) { return; }
  ${regions.map((region, i) => `${quad(region)} = select(old${i}, new${i}, mask);`).join('\n  ')}
}`
}

/** fn keepGradient(at, gradient): puts the gradient into its region, or adds it where the row of the table says so. */
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
  statements: (at: string, mask: string, cell: string) => string,
): { readonly code: string; readonly jobs: number } {
  let jobs = 0
  const branches = parameters.map(({ offset, rows, width, stride, cell }) => {
    const quads = (rows * stride) / 4
    const from = jobs
    jobs += Math.ceil(quads / threads)
    const mask =
      width === stride
        ? 'vec4<bool>(true)'
        : `(vec4<u32>((i % ${u32(stride / 4)}) * 4u) + vec4<u32>(0u, 1u, 2u, 3u)) < vec4<u32>(${u32(width)})`
    return `if (${job} >= ${u32(from)} && ${job} < ${u32(jobs)}) {
    let i = (${job} - ${u32(from)}) * ${u32(threads)} + lane;
    if (i < ${u32(quads)}) { ${statements(`(${u32(offset)} + i * 4u)`, mask, u32(cell))} }
  }`
  })
  return { code: branches.join(' else '), jobs }
}
