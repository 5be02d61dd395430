import { describe, expect, it } from 'vitest'
import { Optimizer } from '#core/optim/optimizer'
import type { StepwiseSpec } from '#core/spec/optimizers'
import type { MakeFloats } from '#core/tensor/floats'
import golden from '../../golden/optim.json'
import {
  distance,
  float32,
  float64,
  quadraticParameters,
  specFromTorch,
  writeGradients,
} from './quadratic'

interface Trace {
  readonly name: string
  readonly spec: StepwiseSpec
  /** [step][parameter] values after the step; Muon's trace has the matrix only. */
  readonly trajectory: readonly (readonly number[][])[]
  /** ASGD's averages of both parameters at the end. */
  readonly ax: readonly number[]
}

const traces = Object.entries(golden.optim).flatMap(([name, entry]): Trace[] => {
  if (!('defaults' in entry)) return []
  const spec = specFromTorch(name.slice(0, name.indexOf('(')), entry.defaults)
  if (spec.type === 'LBFGS') return []
  const trajectory = entry.trajectory.map((step) =>
    spec.type === 'Muon' ? [step.flat(2)] : step.map((values) => values.flat()),
  )
  return [{ name, spec, trajectory, ax: 'ax' in entry ? entry.ax.flat(2) : [] }]
})

describe.each(traces)('$name', (trace) => {
  const isMuon = trace.spec.type === 'Muon'

  it(`follows torch in float64 within ${isMuon ? '1e-2' : '1e-13'}`, () => {
    expect(worstDistance(trace, float64)).toBeLessThan(isMuon ? 1e-2 : 1e-13)
  })

  it(`stays near it in float32 storage`, () => {
    expect(worstDistance(trace, float32)).toBeLessThan(isMuon ? 1e-2 : 1e-6)
  })
})

describe('the golden numbers of torch.optim', () => {
  it('cover 34 configurations of optimizers that step', () => {
    expect(traces).toHaveLength(34)
  })

  it.each(traces.filter((trace) => trace.ax.length > 0))('hold the averages of $name', (trace) => {
    const { tensors } = run(trace, float64).optimizer.exportState()
    const averages = ['0.weight.ax', '0.bias.ax'].flatMap((name) => [
      ...(tensors.get(name)?.data ?? []),
    ])
    expect(distance(averages, trace.ax)).toBeLessThan(1e-13)
  })
})

function worstDistance(trace: Trace, make: MakeFloats): number {
  return Math.max(...run(trace, make).distances)
}

function run({ spec, trajectory }: Trace, make: MakeFloats) {
  const parameters = quadraticParameters(make).slice(0, trajectory[0]?.length)
  const optimizer = new Optimizer(spec, parameters, make)
  const distances = trajectory.flatMap((expected, index) => {
    writeGradients(parameters, index + 1)
    optimizer.step(optimizer.baseLrs)
    return parameters.map(({ value }, p) => distance(value, expected[p] ?? []))
  })
  return { optimizer, distances }
}
