import type { Gpu } from './gpu'
import { BUFFER_USAGE } from './gpu-flags'

const WORKGROUP = 256
/** Of each of the two buffers; well above the caches of real cards. */
const BYTES = 256 * 2 ** 20
/** A GPU that is the CPU is slow enough with less. */
const SOFTWARE_BYTES = 16 * 2 ** 20
const REPEATS = 3
/** One measurement takes about this long: waiting for the answer, and a clock of whole milliseconds, are little of it. */
const MILLISECONDS = 100
const MOST_PASSES = 256

const CODE = `
@group(0) @binding(0) var<storage, read> source: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> copy: array<vec4f>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let stride = groups.x * ${WORKGROUP}u;
  for (var i = id.x; i < arrayLength(&source); i += stride) { copy[i] = source[i]; }
}`

/** Bytes a second of copying one buffer into another with a kernel, reads and writes counted; the best of several. */
export async function copyRate(gpu: Gpu): Promise<number> {
  const { device, adapter } = gpu
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits
  const wanted = adapter.isSoftware ? SOFTWARE_BYTES : BYTES
  const bytes = Math.min(wanted, maxBufferSize, maxStorageBufferBindingSize) & ~15
  const usage = BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC | BUFFER_USAGE.COPY_DST
  const source = await gpu.createBuffer('copied', bytes, usage)
  try {
    const copy = await gpu.createBuffer('copy', bytes, usage)
    try {
      const pipeline = await device.createComputePipelineAsync({
        layout: 'auto',
        compute: { module: device.createShaderModule({ code: CODE }), entryPoint: 'main' },
      })
      const bindGroup = device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [source, copy].map((buffer, binding) => ({ binding, resource: { buffer } })),
      })
      const groups = Math.min(16_384, Math.ceil(bytes / 16 / WORKGROUP))
      const seconds = async (passes: number): Promise<number> => {
        const encoder = device.createCommandEncoder()
        const pass = encoder.beginComputePass()
        pass.setPipeline(pipeline)
        pass.setBindGroup(0, bindGroup)
        for (let i = 0; i < passes; i++) pass.dispatchWorkgroups(groups)
        pass.end()
        const begun = Date.now()
        device.queue.submit([encoder.finish()])
        await gpu.guard(device.queue.onSubmittedWorkDone())
        return (Date.now() - begun) / 1000
      }
      await seconds(1)
      const once = Math.max(await seconds(1), 1e-3)
      const passes = Math.min(MOST_PASSES, Math.max(1, Math.ceil(MILLISECONDS / 1000 / once)))
      let best = Infinity
      for (let i = 0; i < REPEATS; i++) best = Math.min(best, (await seconds(passes)) / passes)
      gpu.check()
      return (2 * bytes) / best
    } finally {
      copy.destroy()
    }
  } finally {
    source.destroy()
  }
}
