/* What a GPU can do at most, measured with kernels that do nothing else. */

const THREADS = 256
/** Chains of quads that do not wait for one another. */
const CHAINS = 8
const ROUNDS = 256
/** A measurement lasts about so long; the best of several counts. */
const MILLISECONDS = 60
const TRIES = 5
const MOST_BYTES = 256 * 1024 * 1024

const chains = Array.from({ length: CHAINS }, (_, i) => i)

const fmaCode = `@group(0) @binding(0) var<storage, read_write> data: array<vec4<f32>>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let a = data[0];
  let b = data[1];
  ${chains.map((i) => `var c${i} = data[${i + 2}];`).join(' ')}
  for (var round = 0u; round < ${ROUNDS}u; round++) {
    ${chains.map((i) => `c${i} = fma(c${i}, a, b);`).join(' ')}
  }
  let sum = ${chains.map((i) => `c${i}`).join(' + ')};
  if (sum.x == 12345.0) { data[id.x % 16u] = sum; }
}`

const copyCode = `@group(0) @binding(0) var<storage, read_write> data: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> copy: array<vec4<f32>>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * ${THREADS}u + lane;
  copy[i] = data[i];
}`

/** GFLOP/s of fused multiply-adds in float32, in registers. */
export async function gpuPeak(device: GPUDevice, software: boolean): Promise<number> {
  const groups = software ? 16 : 4096
  const data = bufferOf(device, 16 * 16)
  device.queue.writeBuffer(data, 0, new Float32Array(64).fill(0.5))
  const best = await shortest(device, fmaCode, [data], [groups, 1])
  data.destroy()
  return (groups * THREADS * ROUNDS * CHAINS * 4 * 2) / best / 1e6
}

/** GB/s of a copy: what is read and what is written. */
export async function gpuBandwidth(device: GPUDevice, software: boolean): Promise<number> {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits
  const most = software ? MOST_BYTES / 16 : MOST_BYTES
  const unit = THREADS * 16 * 1024
  const bytes = Math.floor(Math.min(most, maxBufferSize, maxStorageBufferBindingSize) / unit) * unit
  const buffers = [bufferOf(device, bytes), bufferOf(device, bytes)]
  const best = await shortest(device, copyCode, buffers, [1024, bytes / unit])
  for (const buffer of buffers) buffer.destroy()
  return (2 * bytes) / best / 1e6
}

function bufferOf(device: GPUDevice, size: number): GPUBuffer {
  return device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST })
}

/** Milliseconds of one dispatch, out of blocks of them. */
async function shortest(
  device: GPUDevice,
  code: string,
  buffers: readonly GPUBuffer[],
  [x, y]: readonly [number, number],
): Promise<number> {
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
  })
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  })
  const block = async (dispatches: number) => {
    const begun = performance.now()
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    for (let i = 0; i < dispatches; i++) pass.dispatchWorkgroups(x, y)
    pass.end()
    device.queue.submit([encoder.finish()])
    await device.queue.onSubmittedWorkDone()
    return performance.now() - begun
  }
  let dispatches = 1
  let elapsed = await block(dispatches)
  while (elapsed < MILLISECONDS / 2) {
    dispatches = Math.ceil((dispatches * MILLISECONDS) / Math.max(1, elapsed))
    elapsed = await block(dispatches)
  }
  let best = Infinity
  for (let i = 0; i < TRIES; i++) best = Math.min(best, (await block(dispatches)) / dispatches)
  return best
}
