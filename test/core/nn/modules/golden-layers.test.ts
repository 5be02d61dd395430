import { describe, expect, test } from 'vitest'
import { buildNetwork } from '#core/nn/build-network'
import { modelSchema } from '#core/spec/layers'
import golden from '../../../golden/layers.json' with { type: 'json' }

interface Tensor {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}
type Tensors = Readonly<Record<string, Tensor | undefined>>

/** Float64 of both sides, summed in another order. */
const DIGITS = 12

describe.each(golden.cases)('$name', (example) => {
  const state: Tensors = example.state

  test('names and shapes are those of state_dict', () => {
    const network = buildNetwork(modelSchema.parse(pick(example)), float64)
    const tensors = [...network.parameters, ...network.buffers]
    expect(Object.fromEntries(tensors.map(({ name, shape }) => [name, shape]))).toEqual(
      Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, tensor?.shape])),
    )
  })

  test('outputs, gradients and buffers of three passes are those of PyTorch', () => {
    const network = buildNetwork(modelSchema.parse(pick(example)), float64)
    for (const { name, value } of [...network.parameters, ...network.buffers])
      value.set(state[name]?.data ?? [])
    for (const pass of example.passes) {
      const n = pass.x.shape[0] ?? 0
      const context = { training: pass.mode === 'train', seed: 0, step: 0 }
      network.zeroGrad()
      const y = network.forward(Float64Array.from(pass.x.data), n, context)
      expectClose(y, pass.y, 'y')
      const dx = network.backward(Float64Array.from(pass.gradY.data), n, true)
      expectClose(dx, pass.gradX, 'gradX')
      const gradients: Tensors = pass.gradients
      for (const { name, grad } of network.parameters) expectClose(grad, gradients[name], name)
      const buffers: Tensors = pass.buffers
      for (const { name, value } of network.buffers) expectClose(value, buffers[name], name)
    }
  })
})

function pick({ inFeatures, layers }: { inFeatures: number; layers: unknown }) {
  return { inFeatures, layers }
}

function float64(length: number): Float64Array {
  return new Float64Array(length)
}

function expectClose(found: ArrayLike<number>, expected: Tensor | undefined, what: string): void {
  expect(expected, what).toBeDefined()
  expected?.data.forEach((value, i) => {
    expect(found[i], `${what}[${i}]`).toBeCloseTo(value, DIGITS)
  })
}
