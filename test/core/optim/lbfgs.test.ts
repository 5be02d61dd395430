import { describe, expect, it } from 'vitest'
import { Lbfgs } from '#core/optim/lbfgs'
import type { Parameter } from '#core/optim/parameter'
import { OptimStateError } from '#core/optim/state'
import { optimizerSchema, type OptimizerSpecOf } from '#core/spec/optimizers'
import type { MakeFloats } from '#core/tensor/floats'
import golden from '../../golden/optim.json'
import { distance, float32, float64 } from './quadratic'

const cases: [string, Record<string, unknown>, [number, number[]][]][] = [
  ['LBFGS({})', {}, pairs(golden.optim['LBFGS({})'].loss_before_step_and_x)],
  [
    'strong_wolfe',
    { lineSearchFn: 'strong_wolfe' },
    pairs(golden.optim["LBFGS({'line_search_fn': 'strong_wolfe'})"].loss_before_step_and_x),
  ],
  [
    'a short history',
    { historySize: 3, maxIter: 5 },
    pairs(golden.optim["LBFGS({'history_size': 3, 'max_iter': 5})"].loss_before_step_and_x),
  ],
]

describe.each(cases)('LBFGS with %s', (_name, options, trace) => {
  it('follows torch in float64', () => {
    const { optimizer, x } = problem(options, float64)
    for (const [loss, expected] of trace) {
      expect(optimizer.step(1, closure(x))).toBeCloseTo(loss, 12)
      expect(distance(x.value, expected)).toBeLessThan(1e-9)
    }
  })

  it('finds the same minimum in float32 storage', () => {
    const { optimizer, x } = problem(options, float32)
    for (let i = 0; i < trace.length; i++) optimizer.step(1, closure(x))
    expect(distance(x.value, trace.at(-1)?.[1] ?? [])).toBeLessThan(1e-2)
  })

  it('goes on from an exported state as if it had never stopped', () => {
    const whole = problem(options, float64)
    whole.optimizer.step(1, closure(whole.x))
    const resumed = problem(options, float64)
    resumed.x.value.set(whole.x.value)
    resumed.optimizer.importState(whole.optimizer.exportState())
    for (const { optimizer, x } of [whole, resumed]) optimizer.step(1, closure(x))
    expect(resumed.x.value).toEqual(whole.x.value)
    expect(resumed.optimizer.exportState()).toEqual(whole.optimizer.exportState())
  })
})

describe('LBFGS', () => {
  it('can be driven by a caller who evaluates in his own time', () => {
    const own = problem({}, float64)
    const evaluations = own.optimizer.evaluations(1)
    let next = evaluations.next()
    while (next.done !== true) next = evaluations.next(closure(own.x)())
    const plain = problem({}, float64)
    expect(next.value).toBe(plain.optimizer.step(1, closure(plain.x)))
    expect(own.x.value).toEqual(plain.x.value)
  })

  it('stays where the gradient is zero', () => {
    const { optimizer, x } = problem({}, float64)
    x.value.fill(3)
    expect(optimizer.step(1, () => 5)).toBe(5)
    expect([...x.value]).toEqual([3, 3, 3])
  })

  it('refuses the state of another model', () => {
    const { optimizer } = problem({}, float64)
    const { numbers } = optimizer.exportState()
    expect(() => {
      optimizer.importState({ tensors: new Map(), numbers })
    }).toThrow(OptimStateError)
    expect(() => {
      optimizer.importState({ tensors: new Map(), numbers: {} })
    }).toThrow(/lacks a number/)
  })
})

function problem(options: Record<string, unknown>, make: MakeFloats) {
  const spec = optimizerSchema.parse({ type: 'LBFGS', ...options }) as OptimizerSpecOf<'LBFGS'>
  const value = make(3)
  value.set([1.5, -2, 0.7])
  const x: Parameter = { name: 'x', shape: [3], kind: 'weight', layer: 0, value, grad: make(3) }
  return { x, optimizer: new Lbfgs(spec, [x], make) }
}

/** (x0-1)^2 + 3(x1+0.5)^2 + 0.5 x2^4 + 0.2 x0 x1, the closure of the golden numbers. */
function closure({ value, grad }: Parameter): () => number {
  return () => {
    const [x0 = NaN, x1 = NaN, x2 = NaN] = value
    grad.set([2 * (x0 - 1) + 0.2 * x1, 6 * (x1 + 0.5) + 0.2 * x0, 2 * x2 ** 3])
    return (x0 - 1) ** 2 + 3 * (x1 + 0.5) ** 2 + 0.5 * x2 ** 4 + 0.2 * x0 * x1
  }
}

function pairs(trace: (number | number[])[][]): [number, number[]][] {
  return trace.map(([loss, x]) => {
    if (typeof loss !== 'number' || !Array.isArray(x)) throw new TypeError('not a trace of LBFGS')
    return [loss, x]
  })
}
