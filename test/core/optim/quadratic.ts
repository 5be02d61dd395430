import { optimizerSchema, type OptimizerSpec, type StepwiseSpec } from '#core/spec/optimizers'
import type { MakeFloats } from '#core/tensor/floats'
import type { Parameter } from '#core/optim/parameter'

/** The problem of test/golden/optim.json: p0 [3, 4] and b0 [4], gradient 0.7 p + 0.1 sin(step + index). */
export const start = {
  p0: [0.5, -0.3, 0.8, 0.1, -0.6, 0.2, 0.05, -0.9, 1.2, -1.1, 0.4, 0],
  b0: [0.1, -0.2, 0.3, 0],
}

export function quadraticParameters(make: MakeFloats): Parameter[] {
  return [
    parameter('0.weight', [3, 4], 'weight', start.p0, make),
    parameter('0.bias', [4], 'bias', start.b0, make),
  ]
}

/** The same with the matrix transposed: [4, 3], more rows than columns. */
export function transposedParameters(make: MakeFloats): Parameter[] {
  const transposed = start.p0.map((_, i) => start.p0[(i % 3) * 4 + Math.floor(i / 3)] ?? NaN)
  return [parameter('0.weight', [4, 3], 'weight', transposed, make)]
}

/** Writes the gradients of step (counted from 1). */
export function writeGradients(parameters: readonly Parameter[], step: number): void {
  for (const { value, grad } of parameters) {
    for (let i = 0; i < grad.length; i++) {
      grad[i] = 0.7 * (value[i] ?? NaN) + 0.1 * Math.sin(step + i)
    }
  }
}

/** Parses the spec of an optimizer that steps by itself, which LBFGS does not. */
export function stepwise(input: unknown): StepwiseSpec {
  const spec = optimizerSchema.parse(input)
  if (spec.type === 'LBFGS') throw new TypeError('LBFGS needs a closure')
  return spec
}

/** A spec from the defaults that torch prints: snake_case, with the options that have no numeric meaning. */
export function specFromTorch(
  type: string,
  defaults: Readonly<Record<string, unknown>>,
): OptimizerSpec {
  const meaningless = ['foreach', 'fused', 'capturable', 'differentiable']
  if (type === 'Adam' || type === 'AdamW') meaningless.push('decoupled_weight_decay')
  const entries = Object.entries(defaults)
    .filter(([name]) => !meaningless.includes(name))
    .map(([name, value]) => [camelCase(name), value] as const)
  return optimizerSchema.parse({ type, ...Object.fromEntries(entries) })
}

export const float64: MakeFloats = (length) => new Float64Array(length)
export const float32: MakeFloats = (length) => new Float32Array(length)

/** max |a - b| / max(1, |b|) over two lists of equal length. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity
  return Array.from(a).reduce((worst, value, i) => {
    const expected = b[i] ?? NaN
    const difference = Math.abs(value - expected) / Math.max(1, Math.abs(expected))
    return difference <= worst ? worst : difference
  }, 0)
}

function parameter(
  name: string,
  shape: readonly number[],
  kind: Parameter['kind'],
  values: readonly number[],
  make: MakeFloats,
): Parameter {
  const value = make(values.length)
  value.set(values)
  return { name, shape, kind, layer: 0, value, grad: make(values.length) }
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
