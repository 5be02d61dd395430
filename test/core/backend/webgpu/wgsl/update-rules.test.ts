import { expect, test } from 'vitest'
import { wgslOf } from '#core/backend/webgpu/wgsl/piece'
import type { UpdateRule } from '#core/backend/webgpu/wgsl/update-rule'
import { type PerElementSpec, updateRule } from '#core/backend/webgpu/wgsl/update-rules'
import { Optimizer } from '#core/optim/optimizer'
import { optimizerSchema } from '#core/spec/optimizers'
import { gpuTest } from './gpu-test'
import { largestError, runKernels, storage } from './harness'

/** cycled: a scheduler moves momentum, through 0. */
interface Case {
  readonly label: string
  readonly spec: PerElementSpec
  readonly cycled: boolean
}

const cases: readonly Case[] = [
  caseOf({ type: 'SGD', lr: 0.1 }),
  caseOf({ type: 'SGD', lr: 0.1 }, true),
  caseOf({ type: 'SGD', lr: 0.1, weightDecay: 0.01, maximize: true }),
  caseOf({ type: 'SGD', lr: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 }, true),
  caseOf({ type: 'SGD', lr: 0.1, momentum: 0.9, nesterov: true }),
  caseOf({ type: 'Adam' }),
  caseOf({ type: 'Adam', betas: [0.3, 0.9] }, true),
  caseOf({ type: 'Adam', amsgrad: true, weightDecay: 0.1, maximize: true }),
  caseOf({ type: 'AdamW' }),
  caseOf({ type: 'AdamW', amsgrad: true }, true),
  caseOf({ type: 'NAdam', weightDecay: 0.1 }),
  caseOf({ type: 'NAdam', weightDecay: 0.1, decoupledWeightDecay: true }, true),
  caseOf({ type: 'RAdam', weightDecay: 0.1 }, true),
  caseOf({ type: 'RAdam', weightDecay: 0.1, decoupledWeightDecay: true }),
  caseOf({ type: 'Adamax', weightDecay: 0.1 }, true),
  caseOf({ type: 'Adagrad', lrDecay: 0.1, initialAccumulatorValue: 0.2, weightDecay: 0.1 }),
  caseOf({ type: 'Adagrad' }),
  caseOf({ type: 'Adadelta', weightDecay: 0.1 }),
  caseOf({ type: 'RMSprop', weightDecay: 0.1 }),
  caseOf({ type: 'RMSprop', centered: true }),
  caseOf({ type: 'RMSprop', centered: true, momentum: 0.9 }),
  caseOf({ type: 'RMSprop' }, true),
  caseOf({ type: 'Rprop' }),
  caseOf({ type: 'Rprop', etas: [0.3, 1.5], stepSizes: [1e-3, 0.02], maximize: true }),
  caseOf({ type: 'ASGD', t0: 3, lambd: 0.1, weightDecay: 0.1 }),
  caseOf({ type: 'Lion', weightDecay: 0.1 }, true),
]

const COUNT = 48
const STEPS = 8
/** Value and up to three slots. */
const TENSORS = 4

gpuTest('every rule follows its definition, state included', async (device) => {
  const values = await runAll(device)
  cases.forEach(({ label, cycled, spec }, k) => {
    definitionOf(spec, cycled).tensors.forEach((tensor, j) => {
      const at = (TENSORS * k + j) * COUNT
      const error = largestError(values.subarray(at, at + COUNT), tensor, j === 0 ? 1 : 1e-12)
      expect(error, `${label}, ${j === 0 ? 'value' : `slot ${j}`}`).toBeLessThan(
        j === 0 ? 2e-5 : 1e-4,
      )
    })
  })
})

test('slots and numbers of a checkpoint have the names of the definition', () => {
  for (const { label, spec, cycled } of cases) {
    const rule = updateRule(spec, momentumAt(cycled, 1), 'rule')
    const numbers: Record<string, number> = {}
    scalarsOf(rule, spec, cycled, numbers)
    const expected = definitionOf(spec, cycled)
    expect(
      rule.slots.map(({ name }) => name),
      label,
    ).toEqual(expected.slots)
    expect(Object.keys(numbers), label).toEqual(Object.keys(expected.numbers))
    const error = largestError(
      [0, ...Object.values(numbers)],
      [0, ...Object.values(expected.numbers)],
    )
    expect(error, label).toBeLessThan(1e-6)
  }
})

function caseOf(input: Readonly<Record<string, unknown>>, cycled = false): Case {
  const label = `${JSON.stringify(input)}${cycled ? ', momentum cycled' : ''}`
  // The input names an optimizer that is no LBFGS, Muon or Adafactor.
  return { label, spec: optimizerSchema.parse(input) as PerElementSpec, cycled }
}

/** All steps of all cases in one dispatch, a workgroup a case: [case][tensor][element]. */
async function runAll(device: GPUDevice): Promise<Float32Array> {
  const rules = cases.map(({ spec, cycled }, k) =>
    updateRule(spec, momentumAt(cycled, 1), `rule${k}`),
  )
  const scalars: number[] = []
  const branches = rules.map((rule, k) => {
    const at = scalars.length
    const { spec, cycled } = cases[k] ?? caseOf({ type: 'SGD' })
    scalars.push(...scalarsOf(rule, spec, cycled, {}))
    return branchOf(rule, k, at)
  })
  const code = `
${wgslOf(...rules)}
${storage(0, 'values')}
${storage(1, 'gradients')}
${storage(2, 'scalars')}
@compute @workgroup_size(${COUNT})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) i: u32) {
  switch (id.x) {
${branches.join('\n')}
    default: {}
  }
}
`
  const gradients = Float32Array.from({ length: STEPS * COUNT }, (_, i) =>
    gradientAt(Math.floor(i / COUNT) + 1, i % COUNT),
  )
  const [values] = await runKernels(
    device,
    [{ code, workgroups: rules.length }],
    [rules.length * TENSORS * COUNT, gradients, Float32Array.from(scalars)],
  )
  return values ?? new Float32Array()
}

function branchOf(rule: UpdateRule, k: number, scalarsFrom: number): string {
  const scalars = rule.scalars.map((_, j) => `scalars[at + ${j}u]`)
  const first = ['(f32(i) - 20) * 0.0625', ...rule.slots.map(({ initial }) => `f32(${initial})`)]
  const fields = ['value', ...rule.slots.map(({ name }) => name)]
  return `
    case ${k}u: {
      var state = rule${k}State(${first.join(', ')});
      for (var step = 0u; step < ${STEPS}u; step++) {
        let at = ${scalarsFrom}u + step * ${rule.scalars.length}u;
        state = rule${k}(state, gradients[step * ${COUNT}u + i], rule${k}Scalars(${scalars.join(', ')}));
      }
${fields.map((field, j) => `      values[${(TENSORS * k + j) * COUNT}u + i] = state.${field};`).join('\n')}
    }`
}

/** [step][scalar] */
function scalarsOf(
  rule: UpdateRule,
  spec: PerElementSpec,
  cycled: boolean,
  numbers: Record<string, number>,
): number[] {
  const weightDecay = 'weightDecay' in spec ? spec.weightDecay : 0
  return Array.from({ length: STEPS }, (_, i) => {
    const step = i + 1
    const [lr, momentum] = [lrAt(spec.lr, step), momentumAt(cycled, step)]
    return rule.scalarsAt({ lr, weightDecay, momentum, step, numbers })
  }).flat()
}

/** In float64. */
function definitionOf(
  spec: PerElementSpec,
  cycled: boolean,
): {
  /** Value and slots. */
  readonly tensors: readonly ArrayLike<number>[]
  readonly slots: readonly string[]
  readonly numbers: Readonly<Record<string, number>>
} {
  const value = Float64Array.from({ length: COUNT }, (_, i) => (i - 20) * 0.0625)
  const grad = new Float64Array(COUNT)
  const parameter = { name: 'w', shape: [COUNT], kind: 'weight', layer: 0, value, grad } as const
  const make = (length: number) => new Float64Array(length)
  const optimizer = new Optimizer(spec, [parameter], make, momentumAt(cycled, 1))
  for (let step = 1; step <= STEPS; step++) {
    for (let i = 0; i < COUNT; i++) grad[i] = gradientAt(step, i)
    optimizer.step([lrAt(spec.lr, step)], momentumAt(cycled, step))
  }
  const { tensors, numbers } = optimizer.exportState()
  const own = Object.entries(numbers).filter(([name]) => name.startsWith('w.'))
  return {
    tensors: [value, ...[...tensors.values()].map(({ data }) => data)],
    slots: [...tensors.keys()].map((name) => name.slice('w.'.length)),
    numbers: Object.fromEntries(own.map(([name, number]) => [name.slice('w.'.length), number])),
  }
}

/** Gradients that change sign, vanish, and span many orders of magnitude. */
function gradientAt(step: number, i: number): number {
  return Math.fround(i % 8 === 0 ? 0 : Math.sin(1.7 * step + 0.9 * i) * 10 ** ((i % 11) - 8))
}

function lrAt(lr: number, step: number): number {
  return lr * (1 - 0.05 * step)
}

function momentumAt(cycled: boolean, step: number): number | null {
  if (!cycled) return null
  return step === 5 ? 0 : 0.95 - 0.03 * step
}
