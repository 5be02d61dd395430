/* Runs WGSL pieces on a device: expressions over arrays of inputs, and whole kernels over a few buffers. */
import { type Piece, wgslOf } from '#core/backend/webgpu/wgsl/piece'

/** An array goes in (and comes back as the kernel left it); a number is the length of an array of zeros. */
export type Binding = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | number

/**
 * Dispatches `main` of each of the texts, one after the other, over the same bindings: number i is @group(0) @binding(i),
 * var<storage, read_write>. Returns what the bindings then hold, as float32.
 */
export async function runKernels(
  device: GPUDevice,
  kernels: readonly { readonly code: string; readonly workgroups: number }[],
  bindings: readonly Binding[],
): Promise<Float32Array[]> {
  device.pushErrorScope('validation')
  const layout = device.createBindGroupLayout({
    entries: bindings.map((_, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: 'storage' },
    })),
  })
  const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [layout] })
  const buffers = bindings.map((content) => bufferOf(device, content))
  const group = device.createBindGroup({
    layout,
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  })
  const encoder = device.createCommandEncoder()
  for (const { code, workgroups } of kernels) {
    const pass = encoder.beginComputePass()
    pass.setPipeline(await pipelineOf(device, code, pipelineLayout))
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(workgroups)
    pass.end()
  }
  const copies = buffers.map((buffer) => {
    const copy = device.createBuffer({
      size: buffer.size,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    })
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size)
    return copy
  })
  device.queue.submit([encoder.finish()])
  const failure = await device.popErrorScope()
  if (failure !== null) throw new Error(failure.message)
  const results: Float32Array[] = []
  for (const [i, copy] of copies.entries()) {
    await copy.mapAsync(GPUMapMode.READ)
    const content = bindings[i] ?? 0
    const length = typeof content === 'number' ? content : content.length
    results.push(new Float32Array(copy.getMappedRange().slice(0, 4 * length)))
    copy.destroy()
  }
  for (const buffer of buffers) buffer.destroy()
  return results
}

/** The declaration of binding i. */
export function storage(i: number, name: string, type: 'f32' | 'u32' = 'f32'): string {
  return `@group(0) @binding(${i}) var<storage, read_write> ${name}: array<${type}>;`
}

/**
 * Values of expressions at each element of the inputs, all in one kernel: the expressions see the inputs under their names, as
 * numbers, and `i`, the index of the element.
 */
export async function evaluateEach(
  device: GPUDevice,
  pieces: readonly Piece[],
  inputs: Readonly<Record<string, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>>,
  expressions: readonly string[],
): Promise<Float32Array[]> {
  const names = Object.keys(inputs)
  const arrays = Object.values(inputs)
  const count = arrays[0]?.length ?? 0
  const code = `
${wgslOf(...pieces)}
${arrays.map((array, k) => storage(k, `input${k}`, array instanceof Uint32Array ? 'u32' : 'f32')).join('\n')}
${storage(arrays.length, 'results')}
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= ${count}u) { return; }
${names.map((name, k) => `  let ${name} = input${k}[i];`).join('\n')}
${expressions.map((text, k) => `  results[${k * count}u + i] = ${text};`).join('\n')}
}
`
  const workgroups = Math.ceil(count / 64)
  const bindings = [...arrays, count * expressions.length]
  const results = (await runKernels(device, [{ code, workgroups }], bindings)).at(-1)
  return expressions.map(
    (_, k) => results?.subarray(k * count, (k + 1) * count) ?? new Float32Array(),
  )
}

/** |actual - expected| / (absolute + |expected|), at its largest; what is not finite must be equal, else Infinity. */
export function largestError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  absolute = 1,
): number {
  if (actual.length !== expected.length || expected.length === 0) return Infinity
  let largest = 0
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] ?? NaN, expected[i] ?? NaN]
    if (Object.is(a, e)) continue
    const error = Math.abs(a - e) / (absolute + Math.abs(e))
    largest = Math.max(largest, Number.isFinite(error) ? error : Infinity)
  }
  return largest
}

const pipelines = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>()

/** Each text is compiled once a device. */
function pipelineOf(
  device: GPUDevice,
  code: string,
  layout: GPUPipelineLayout,
): Promise<GPUComputePipeline> {
  const known = pipelines.get(device) ?? new Map<string, Promise<GPUComputePipeline>>()
  pipelines.set(device, known)
  const pipeline = known.get(code) ?? compile(device, code, layout)
  known.set(code, pipeline)
  return pipeline
}

async function compile(
  device: GPUDevice,
  code: string,
  layout: GPUPipelineLayout,
): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ code })
  const { messages } = await module.getCompilationInfo()
  const errors = messages.filter(({ type }) => type === 'error')
  if (errors.length > 0) {
    const lines = code.split('\n')
    throw new Error(
      errors
        .map(({ message, lineNum }) => `${lineNum}: ${lines[lineNum - 1] ?? ''}\n  ${message}`)
        .join('\n'),
    )
  }
  return device.createComputePipelineAsync({ layout, compute: { module, entryPoint: 'main' } })
}

function bufferOf(device: GPUDevice, content: Binding): GPUBuffer {
  const length = typeof content === 'number' ? content : content.length
  const buffer = device.createBuffer({
    size: Math.max(16, 4 * length),
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  })
  if (typeof content !== 'number') device.queue.writeBuffer(buffer, 0, content)
  return buffer
}
