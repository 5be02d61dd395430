import { expect } from 'vitest'
import { alphaDropoutPiece, dropoutPiece, rreluPiece } from '#core/backend/webgpu/wgsl/noise'
import { philox } from '#core/backend/webgpu/wgsl/philox'
import type { Piece } from '#core/backend/webgpu/wgsl/piece'
import { buildNetwork } from '#core/nn/build-network'
import { modelSchema } from '#core/spec/layers'
import { domains, philoxFill } from '#core/tensor/philox'
import { gpuTest } from './gpu-test'
import { evaluateEach, largestError, runKernels, storage } from './harness'

const draws = [
  { seed: 0, domain: domains.dropout, stream: 0, step: 0 },
  { seed: 0xffffffff, domain: domains.rrelu, stream: 0xffffffff, step: 0xffffffff },
  { seed: 0x243f6a88, domain: domains.augmentation, stream: 7, step: 123456789 },
]

gpuTest('the random words are bit for bit those of core/tensor/philox', async (device) => {
  const count = 256
  const code = `
${philox.code}
${storage(0, 'words', 'u32')}
@compute @workgroup_size(${count}) fn main(@builtin(local_invocation_index) i: u32) {
${draws
  .map(
    ({ seed, domain, stream, step }, k) =>
      `  words[${k * count}u + i] = randomWord(i, ${step}u, ${stream}u, ${seed}u, ${domain}u);`,
  )
  .join('\n')}
}`
  const bindings = [new Uint32Array(draws.length * count)]
  const [result] = await runKernels(device, [{ code, workgroups: 1 }], bindings)
  const words = new Uint32Array(result?.buffer ?? new ArrayBuffer(0))
  draws.forEach((draw, k) => {
    const expected = new Uint32Array(count)
    philoxFill(expected, draw)
    expect(words.subarray(k * count, (k + 1) * count)).toEqual(expected)
  })
})

const WIDTH = 7
const ROWS = 13
const STREAM = 3

const layers: readonly { readonly input: object; readonly piece: Piece }[] = [
  { input: { type: 'Dropout', p: 0.3 }, piece: dropoutPiece(0.3, STREAM, 'f0') },
  { input: { type: 'Dropout', p: 1 }, piece: dropoutPiece(1, STREAM, 'f1') },
  { input: { type: 'Dropout', p: 0 }, piece: dropoutPiece(0, STREAM, 'f2') },
  { input: { type: 'AlphaDropout', p: 0.2 }, piece: alphaDropoutPiece(0.2, STREAM, 'f3') },
  { input: { type: 'AlphaDropout', p: 1 }, piece: alphaDropoutPiece(1, STREAM, 'f4') },
  {
    input: { type: 'RReLU', lower: 0.1, upper: 0.4 },
    piece: rreluPiece(0.1, 0.4, STREAM, 'f5'),
  },
]

gpuTest('a layer that draws does what its definition does', async (device) => {
  const count = WIDTH * ROWS
  const context = { training: true, seed: 4_000_000_000, step: 5 }
  const x = Float32Array.from({ length: count }, (_, i) => Math.sin(i) * 3)
  const call = `(x, i, ${context.step}u, ${context.seed}u)`
  const results = await evaluateEach(
    device,
    layers.map(({ piece }) => piece),
    { x },
    layers.flatMap((_, k) => [`f${k}${call}`, `f${k}Slope${call}`]),
  )
  layers.forEach(({ input }, k) => {
    const padding = Array.from({ length: STREAM }, () => ({ type: 'ReLU' }))
    const model = modelSchema.parse({ inFeatures: WIDTH, layers: [...padding, input] })
    const layer = buildNetwork(model, (length) => new Float64Array(length)).root.children[STREAM]
    if (layer === undefined) throw new Error('no layer')
    const y = layer.forward(Float64Array.from(x), ROWS, context)
    const dx = layer.backward(new Float64Array(count).fill(1), ROWS)
    const label = JSON.stringify(input)
    expect(largestError(results[2 * k] ?? [], y.subarray(0, count)), label).toBeLessThan(2e-7)
    expect(largestError(results[2 * k + 1] ?? [], dx.subarray(0, count)), label).toBeLessThan(2e-7)
  })
})
