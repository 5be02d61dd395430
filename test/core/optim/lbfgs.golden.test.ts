import { describe, expect, it } from 'vitest'
import { Lbfgs } from '#core/optim/lbfgs'
import type { Parameter } from '#core/optim/parameter'
import { optimizerSchema } from '#core/spec/optimizers'
import golden from '../../golden/optim-lbfgs.json'
import { distance } from './quadratic'

const cases = golden.numbers.map((entry) => ({
  ...entry,
  name: `${entry.size} numbers, ${JSON.stringify(entry.options)}`,
}))

describe("LBFGS on Rosenbrock's function, in golden/optim-lbfgs.json", () => {
  it.each(cases)('$name', ({ size, options, trace }) => {
    const spec = optimizerSchema.parse({ type: 'LBFGS', ...options })
    if (spec.type !== 'LBFGS') throw new TypeError('not LBFGS')
    const value = Float64Array.from({ length: size }, (_, i) => (i % 2 === 0 ? -1.2 : 1))
    const x: Parameter = {
      name: 'x',
      shape: [size],
      kind: 'weight',
      layer: 0,
      value,
      grad: new Float64Array(size),
    }
    const optimizer = new Lbfgs(spec, [x], (length) => new Float64Array(length))
    let evaluations = 0
    for (const expected of trace) {
      const loss = optimizer.step(spec.lr, () => {
        evaluations += 1
        return rosenbrock(x)
      })
      expect(evaluations).toBe(expected.evaluations)
      expect(distance([loss], [expected.loss])).toBeLessThan(1e-7)
      expect(distance(value, expected.x)).toBeLessThan(1e-7)
    }
  })
})

/** sum of 100 (x[i+1] - x[i]²)² + (1 - x[i])² */
function rosenbrock({ value, grad }: Parameter): number {
  grad.fill(0)
  let loss = 0
  for (let i = 0; i + 1 < value.length; i++) {
    const [a = NaN, b = NaN] = [value[i], value[i + 1]]
    const off = b - a * a
    loss += 100 * off ** 2 + (1 - a) ** 2
    grad[i] = (grad[i] ?? NaN) - 400 * a * off - 2 * (1 - a)
    grad[i + 1] = (grad[i + 1] ?? NaN) + 200 * off
  }
  return loss
}
