import { describe, expect, test } from 'vitest'
import { productScratch, rowProduct } from '#core/backend/cpu/kernels/products'
import { ACCUMULATE, OVERWRITE, weightProduct } from '#core/backend/cpu/kernels/weight-product'
import { packedKernels } from '#core/backend/cpu/kernels/packing'
import { BenchMemory, largestDifference, naiveProduct } from './bench-memory'
import { targetName, targets } from './relaxed'

/** [batch, in, out]: single units, odd widths, more than one block of each kind; the last three are packed. */
const shapes = [
  [1, 1, 1],
  [13, 783, 7],
  [64, 100, 10],
  [7, 33, 17],
  [130, 1030, 41],
  [300, 95, 67],
  [70, 600, 90],
  [200, 24, 64],
] as const

describe.each(targets.map((target) => [targetName(target), target] as const))('%s', (_, target) => {
  test.each(shapes)('forward product of %i rows, %i -> %i', (batch, inputs, outputs) => {
    const memory = new BenchMemory()
    const zeros = memory.arena.reserve(64)
    const input = memory.matrix(batch, inputs)
    const weight = memory.matrix(inputs, outputs)
    const output = memory.matrix(batch, outputs)
    const bias = memory.matrix(1, outputs)
    const scratch = memory.arena.reserve(productScratch(batch))
    const operands = { left: input, right: weight, output, start: bias.address, activation: null }
    rowProduct(memory.module, target, 'forward', operands, {
      zeros,
      packed: packedKernels(memory.module, target),
    })
    const kernels = memory.build()
    const [x, w] = [memory.randomise(input), memory.randomise(weight)]
    const b = memory.vector(bias.address, outputs).fill(0.5)
    const middle = Math.ceil(batch / 2)
    kernels['forward']?.(0, middle, 0, Math.ceil(outputs / 8), scratch)
    kernels['forward']?.(middle, batch, 0, Math.ceil(outputs / 8), scratch)
    const expected = naiveProduct(
      batch,
      outputs,
      inputs,
      (n, k) => x[n * inputs + k] ?? NaN,
      (k, o) => w[k * outputs + o] ?? NaN,
    ).map((y, i) => y + (b[i % outputs] ?? NaN))
    expect(largestDifference(memory.read(output), expected)).toBeLessThan(1e-5 * Math.sqrt(inputs))
  })

  test.each(shapes)('gradient of the input of %i rows, %i -> %i', (batch, inputs, outputs) => {
    const memory = new BenchMemory()
    const zeros = memory.arena.reserve(64)
    const weight = memory.matrix(inputs, outputs)
    const outputGradient = memory.matrix(outputs, batch)
    const inputGradient = memory.matrix(inputs, batch)
    const scratch = memory.arena.reserve(productScratch(batch))
    const operands = {
      left: weight,
      right: outputGradient,
      start: null,
      output: inputGradient,
      activation: null,
    }
    rowProduct(memory.module, target, 'input', operands, {
      zeros,
      packed: packedKernels(memory.module, target),
    })
    const kernels = memory.build()
    const [w, g] = [memory.randomise(weight), memory.randomise(outputGradient)]
    kernels['input']?.(0, inputs, 0, Math.ceil(batch / 8), scratch)
    const expected = naiveProduct(
      inputs,
      batch,
      outputs,
      (i, k) => w[i * outputs + k] ?? NaN,
      (k, n) => g[k * batch + n] ?? NaN,
    )
    expect(largestDifference(memory.read(inputGradient), expected)).toBeLessThan(
      1e-5 * Math.sqrt(outputs),
    )
  })

  test.each(shapes)('gradient of the weights of %i rows, %i -> %i', (batch, inputs, outputs) => {
    const memory = new BenchMemory()
    const zeros = memory.arena.reserve(64)
    const input = memory.matrix(batch, inputs)
    const outputGradient = memory.matrix(batch, outputs)
    const gradient = memory.matrix(inputs, outputs)
    const scratch = memory.arena.reserve(productScratch(batch))
    const operands = { input, outputGradient, gradient, update: null }
    weightProduct(memory.module, target, 'weight', operands, {
      zeros,
      packed: packedKernels(memory.module, target),
    })
    const kernels = memory.build()
    const [x, g] = [memory.randomise(input), memory.randomise(outputGradient)]
    const panels = Math.ceil(outputs / 8)
    kernels['weight']?.(0, inputs, 0, panels, batch, scratch + OVERWRITE)
    const expected = naiveProduct(
      inputs,
      outputs,
      batch,
      (i, k) => x[k * inputs + i] ?? NaN,
      (k, o) => g[k * outputs + o] ?? NaN,
    )
    const tolerance = 1e-5 * Math.sqrt(batch)
    expect(largestDifference(memory.read(gradient), expected)).toBeLessThan(tolerance)
    kernels['weight']?.(0, inputs, 0, panels, batch, scratch + ACCUMULATE)
    const twice = expected.map((value) => 2 * value)
    expect(largestDifference(memory.read(gradient), twice)).toBeLessThan(2 * tolerance)
  })
})
