import { expect } from 'vitest'
import { lossPass } from '#core/backend/webgpu/wgsl/losses'
import { wgslOf } from '#core/backend/webgpu/wgsl/piece'
import { countHits } from '#core/nn/accuracy'
import type { Targets } from '#core/nn/losses/loss'
import { lossOf } from '#core/nn/losses/loss-of'
import { type LossSpec, lossSchema } from '#core/spec/losses'
import { gpuTest } from './gpu-test'
import { largestError, runKernels, storage } from './harness'

const WIDTH = 5
const ROWS = 67
const labels = Uint8Array.from({ length: ROWS }, (_, row) => (row * 3) % WIDTH)
const targets: Targets = { kind: 'classes', labels }
const weight = [1, 2, 0.5, 3, 0]

/** Which outputs the loss is for. */
type Outputs = 'numbers' | 'probabilities' | 'logProbabilities'

const cases: readonly (readonly [object, Outputs])[] = [
  [{ type: 'CrossEntropyLoss' }, 'numbers'],
  [{ type: 'CrossEntropyLoss', weight, labelSmoothing: 0.1, ignoreIndex: 2 }, 'numbers'],
  [{ type: 'CrossEntropyLoss', reduction: 'sum' }, 'numbers'],
  [{ type: 'NLLLoss', weight, ignoreIndex: 1 }, 'logProbabilities'],
  [{ type: 'BCEWithLogitsLoss', weight, posWeight: [3, 1, 2, 0.1, 4] }, 'numbers'],
  [{ type: 'BCELoss', weight }, 'probabilities'],
  [{ type: 'MSELoss' }, 'numbers'],
  [{ type: 'L1Loss' }, 'numbers'],
  [{ type: 'SmoothL1Loss', beta: 0.7 }, 'numbers'],
  [{ type: 'SmoothL1Loss', beta: 0, reduction: 'sum' }, 'numbers'],
  [{ type: 'HuberLoss', delta: 0.5 }, 'numbers'],
  [{ type: 'KLDivLoss', reduction: 'batchmean' }, 'logProbabilities'],
  [{ type: 'KLDivLoss', logTarget: true }, 'logProbabilities'],
  [{ type: 'MultiMarginLoss', weight }, 'numbers'],
  [{ type: 'MultiMarginLoss', p: 2, margin: 0.6 }, 'numbers'],
  [{ type: 'GaussianNLLLoss', variance: 0.3, full: true }, 'numbers'],
  [{ type: 'PoissonNLLLoss' }, 'numbers'],
  [{ type: 'PoissonNLLLoss', logInput: false, full: true }, 'probabilities'],
]

/** Ties of the largest, exact hits, far ends, and ordinary numbers. */
const numbers = Float32Array.from({ length: ROWS * WIDTH }, (_, i) => {
  const row = Math.floor(i / WIDTH)
  if (row === 0) return 0
  if (row === 1) return i % WIDTH === labels[1] ? 1 : 0
  if (row === 2) return i % WIDTH === labels[2] ? 30 : -30
  if (row === 3) return i % WIDTH === labels[3] ? -30 : 30
  return Math.sin(i * 1.3) * (row % 5)
})

for (const [input, outputs] of cases)
  gpuTest(JSON.stringify(input), (device) => compare(device, input, outputs))

/** Loss, gradient and hits of every row against the definition. */
async function compare(device: GPUDevice, input: object, outputs: Outputs): Promise<void> {
  const spec: LossSpec = lossSchema.parse(input)
  const x = outputsOf(outputs)
  const loss = lossOf(spec, WIDTH)
  const pass = lossPass(spec, WIDTH)
  const divisor = loss.divisor(targets, ROWS)
  const code = `
${['x', 'dx', 'results'].map((name, i) => storage(i, name)).join('\n')}
${storage(3, 'labels', 'u32')}
fn rowCount() -> u32 { return ${ROWS}u; }
fn divisor() -> f32 { return f32(${divisor}); }
fn labelAt(row: u32) -> u32 { return labels[row]; }
fn xAt(row: u32, c: u32) -> f32 { return x[row * ${WIDTH}u + c]; }
fn setDx(row: u32, c: u32, value: f32) { dx[row * ${WIDTH}u + c] = value; }
fn setResult(row: u32, loss: f32, hit: f32) { results[2 * row] = loss; results[2 * row + 1] = hit; }
${wgslOf(pass)}
@compute @workgroup_size(${pass.lanes})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) { work(id.x, lane); }
`
  const bindings = [x, new Float32Array(x.length).fill(NaN), 2 * ROWS, Uint32Array.from(labels)]
  const kernels = [{ code, workgroups: pass.jobs(ROWS) }]
  const [, dx = [], results = []] = await runKernels(device, kernels, bindings)
  const expected = Float64Array.from(x)
  const gradient = new Float64Array(x.length)
  loss.backward(expected, targets, ROWS, gradient)
  const shares = Array.from({ length: ROWS }, (_, row) =>
    loss.forward(
      expected.subarray(row * WIDTH, (row + 1) * WIDTH),
      { kind: 'classes', labels: labels.subarray(row, row + 1) },
      1,
      divisor,
    ),
  )
  const scale = 1 / divisor
  const losses = Array.from({ length: ROWS }, (_, row) => results[2 * row] ?? NaN)
  expect(largestError(losses, shares, scale), 'loss').toBeLessThan(2e-6)
  expect(largestError(dx, gradient, scale), 'gradient').toBeLessThan(2e-6)
  const hits = Array.from({ length: ROWS }, (_, row) => results[2 * row + 1] ?? NaN)
  expect(hits.reduce((a, b) => a + b)).toBe(countHits(expected, labels, ROWS, WIDTH))
}

function outputsOf(kind: Outputs): Float32Array<ArrayBuffer> {
  if (kind === 'numbers') return numbers
  return numbers.map((x, i) => {
    const row = Math.floor(i / WIDTH) * WIDTH
    const sum = numbers.slice(row, row + WIDTH).reduce((total, v) => total + Math.exp(v), 0)
    return kind === 'probabilities' ? Math.exp(x) / sum : x - Math.log(sum)
  })
}
