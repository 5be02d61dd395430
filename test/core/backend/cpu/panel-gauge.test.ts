import { expect, it } from 'vitest'
import { Arena } from '#core/backend/cpu/arena'
import { PanelGauge } from '#core/backend/cpu/panel-gauge'
import { writePanels } from '#core/backend/cpu/panels'
import { Program } from '#core/backend/cpu/program'
import { reserveMatrix } from '#core/backend/cpu/segments'
import { singleTeam } from '#core/backend/cpu/single-team'
import { ModuleBuilder } from '#core/backend/cpu/wasm/module-builder'
import { compile, createMemory, instantiate } from '#core/backend/cpu/wasm/runtime'
import { distributionOf } from '#core/backend/distribution'
import { slopes } from '#core/backend/slopes'
import { activationOf } from '#core/nn/activations/activation-of'
import type { ElementwiseSpec } from '#core/nn/activations/elementwise'
import { ElementwiseLayer } from '#core/nn/modules/elementwise-layer'
import { Mt19937 } from '#core/tensor/mt19937'

const CAPACITY = 40
const activations: readonly ElementwiseSpec[] = [
  { type: 'ReLU' },
  { type: 'LeakyReLU', negativeSlope: 0.001 },
  { type: 'LeakyReLU', negativeSlope: 0.5 },
  { type: 'Sigmoid' },
  { type: 'Tanh' },
]

/** Rows of numbers as nets have them: some columns far below 0, some values equal, some far out. */
function numbers(rows: number, columns: number, seed: number): Float32Array {
  const random = new Mt19937(seed)
  const uniform = (): number => random.nextUint32() / 2 ** 32
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const far = i % columns === 1 ? -200 : 0
    return i % 5 === 0 ? 0 : far + (uniform() - 0.4) * (i % 7 === 0 ? 30 : 3)
  })
}

it.each([
  [1, 1],
  [7, 8],
  [40, 10],
  [33, 21],
])(
  'finds in panels of %i rows, %i columns what the plain definitions find in rows',
  (rows, columns) => {
    const arena = new Arena()
    const module = new ModuleBuilder()
    const layers = activations.map((spec, i) => {
      const place = {
        path: String(i),
        index: i,
        make: (length: number) => new Float32Array(length),
      }
      const layer = new ElementwiseLayer(place, columns, spec)
      const output = reserveMatrix(arena, CAPACITY, columns)
      const outputGradient = reserveMatrix(arena, CAPACITY, columns)
      return { layer, activation: layer, output, outputGradient }
    })
    const gauge = new PanelGauge(arena, layers, 1)
    gauge.emit(module)
    const { pages } = arena
    const memory = createMemory(pages, false)
    const kernels = instantiate(compile(module.build({ pages, shared: false })), memory)
    // What stands in the padding must not count.
    const floats = new Float32Array(memory.buffer).fill(1e9)
    gauge.attach(memory.buffer)
    layers.forEach(({ layer, output, outputGradient }, i) => {
      const activation = activationOf(activations[i] ?? { type: 'ReLU' })
      layer.input = numbers(rows, columns, i)
      const values = Float32Array.from(layer.input, (x) => activation.forward(x))
      const gradient = numbers(rows, columns, i + 9).map((x) => x * 1e-6)
      layer.output = values
      layer.outputGradient = gradient
      writePanels(floats, output, values, rows)
      writePanels(floats, outputGradient, gradient, rows)
    })
    const program = new Program(singleTeam(kernels))
    gauge.addTo(program)
    // Twice: nothing may be left over.
    program.run(rows)
    program.run(rows)

    const near = (wanted: ReturnType<typeof distributionOf>) => ({
      ...wanted,
      mean: expect.closeTo(wanted.mean, 12) as number,
      std: expect.closeTo(wanted.std, 12) as number,
    })
    for (const { layer } of layers)
      expect(gauge.of(layer)).toEqual({
        output: near(distributionOf(layer.output, rows * columns)),
        outputGradient: near(distributionOf(layer.outputGradient, rows * columns)),
        ...slopes(layer, rows),
      })
  },
)
