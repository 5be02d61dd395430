import { expect } from 'vitest'
import type { Pass } from '#core/backend/webgpu/wgsl/layer-passes'
import { isPassed, layerPassesOf } from '#core/backend/webgpu/wgsl/layer-passes-of'
import { wgslOf } from '#core/backend/webgpu/wgsl/piece'
import { buildNetwork } from '#core/nn/build-network'
import { modelSchema } from '#core/spec/layers'
import { gpuTest } from './gpu-test'
import { type Binding, largestError, runKernels, storage } from './harness'

/** More than the lanes of a workgroup, and nothing divides it; even, for GLU. */
const WIDTH = 70

const cases: readonly Record<string, unknown>[] = [
  { type: 'Softmax' },
  { type: 'Softmin' },
  { type: 'LogSoftmax' },
  { type: 'GLU' },
  { type: 'PReLU' },
  { type: 'PReLU', numParameters: WIDTH },
  { type: 'LayerNorm' },
  { type: 'LayerNorm', bias: false, eps: 0.1 },
  { type: 'LayerNorm', elementwiseAffine: false },
  { type: 'RMSNorm' },
  { type: 'RMSNorm', eps: 0.1, elementwiseAffine: false },
  { type: 'BatchNorm1d' },
  { type: 'BatchNorm1d', momentum: null, affine: false },
  { type: 'BatchNorm1d', bias: false },
  { type: 'BatchNorm1d', trackRunningStats: false },
]

const SEED = 3_000_000_000
const STEP = 17
const ROWS = 13
/** Rows of the second batch. */
const RAGGED = 5

for (const input of cases)
  gpuTest(JSON.stringify(input), async (device) => {
    const width = WIDTH
    const { layers } = modelSchema.parse({ inFeatures: width, layers: [input] })
    const spec = layers[0]
    if (spec === undefined || !isPassed(spec)) throw new Error('expected a layer with passes')
    const network = buildNetwork({ inFeatures: width, layers }, (n) => new Float64Array(n))
    const out = network.outFeatures
    network.parameters.forEach(({ value }, k) => {
      value.forEach((v, i) => (value[i] = Math.fround(v + Math.sin(i + k) * 0.3)))
    })
    const [weight, bias] = network.parameters.map(({ value }) => value)
    const x = Float32Array.from({ length: ROWS * width }, (_, i) => Math.sin(i * i) * 3 + 1)
    const dy = Float32Array.from({ length: ROWS * out }, (_, i) => Math.cos(i * 7.1))
    const running = new Float32Array(2 * width + 2).fill(1, width, 2 * width)
    let state: readonly Binding[] = [
      x,
      dy,
      ROWS * out,
      ROWS * width,
      Float32Array.from([...(weight ?? []), ...(bias ?? [])]),
      2 * width,
      2 * Math.max(ROWS, width),
      running,
    ]
    const passes = layerPassesOf(spec, width)
    const withRows = (rows: number) =>
      state.map((content, i) =>
        i === 7 && typeof content !== 'number' ? content.with(2 * width + 1, rows) : content,
      )
    for (const rows of [ROWS, RAGGED]) {
      const steps = [passes.forward, ...passes.backward].map((pass) =>
        kernelOf(pass, rows, { width, out, slopes: weight?.length ?? 0 }),
      )
      const results = await runKernels(device, steps, withRows(rows))
      const context = { training: true, seed: SEED, step: STEP }
      const y = network.forward(Float64Array.from(x), rows, context)
      network.zeroGrad()
      const dx = network.backward(Float64Array.from(dy), rows)
      expectClose('y', results[2], y.subarray(0, rows * out))
      expectClose('dx', results[3], dx.subarray(0, rows * width))
      network.parameters.forEach(({ grad, name }, k) => {
        expectClose(name, results[5]?.subarray(k * grad.length), grad)
      })
      const [mean, variance, batches] = network.buffers.map(({ value }) => value)
      if (mean !== undefined) expectClose('running mean', results[7], mean)
      if (variance !== undefined)
        expectClose('running variance', results[7]?.subarray(width), variance)
      if (batches !== undefined) expect(results[7]?.[2 * width]).toBe(batches[0])
      state = state.map((content, i) =>
        typeof content === 'number' ? content : (results[i] as Float32Array<ArrayBuffer>),
      )
    }
    const evaluation = kernelOf(passes.evaluation, ROWS, {
      width,
      out,
      slopes: weight?.length ?? 0,
    })
    const [, , evaluated] = await runKernels(device, [evaluation], withRows(ROWS))
    const y = network.forward(Float64Array.from(x), ROWS, {
      training: false,
      seed: SEED,
      step: STEP,
    })
    expectClose('y in evaluation', evaluated, y.subarray(0, ROWS * out))
  })

function expectClose(
  name: string,
  actual: Float32Array | undefined,
  expected: ArrayLike<number>,
): void {
  expect(largestError(actual?.subarray(0, expected.length) ?? [], expected), name).toBeLessThan(
    5e-6,
  )
}

/** Parameters are weight, then bias, each as long as the weight. */
function kernelOf(
  pass: Pass,
  rows: number,
  { width, out, slopes }: { width: number; out: number; slopes: number },
): { code: string; workgroups: number } {
  const code = `
${['x', 'dy', 'y', 'dx', 'parameters', 'gradients', 'statistics', 'running'].map((name, i) => storage(i, name)).join('\n')}
fn rowCount() -> u32 { return u32(running[${2 * width + 1}u]); }
fn xAt(row: u32, c: u32) -> f32 { return x[row * ${width}u + c]; }
fn yAt(row: u32, c: u32) -> f32 { return y[row * ${out}u + c]; }
fn dyAt(row: u32, c: u32) -> f32 { return dy[row * ${out}u + c]; }
fn setY(row: u32, c: u32, value: f32) { y[row * ${out}u + c] = value; }
fn setDx(row: u32, c: u32, value: f32) { dx[row * ${width}u + c] = value; }
fn weightAt(i: u32) -> f32 { return parameters[i]; }
fn biasAt(i: u32) -> f32 { return parameters[${slopes}u + i]; }
fn setWeightGradient(i: u32, value: f32) { gradients[i] = value; }
fn setBiasGradient(i: u32, value: f32) { gradients[${slopes}u + i] = value; }
fn statisticAt(k: u32, i: u32) -> f32 { return statistics[2 * i + k]; }
fn setStatistic(k: u32, i: u32, value: f32) { statistics[2 * i + k] = value; }
fn runningMeanAt(c: u32) -> f32 { return running[c]; }
fn runningVarianceAt(c: u32) -> f32 { return running[${width}u + c]; }
fn setRunning(c: u32, mean: f32, variance: f32) { running[c] = mean; running[${width}u + c] = variance; }
fn batchesBefore() -> f32 { return running[${2 * width}u]; }
fn countBatch() { running[${2 * width}u] += 1; }
${wgslOf(pass)}
@compute @workgroup_size(${pass.lanes})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) { work(id.x, lane); }
`
  return { code, workgroups: pass.jobs(rows) }
}
