import { TABLE } from './kernel'
import type { RunGroupOptions } from './run-group-options'
import type { RunMemory } from './run-memory'

/** Images whose outputs come back together. */
const READ_AT_ONCE = 16_384

/** [images, outFeatures] outputs of a run of a group in evaluation mode. */
export async function outputsOf(
  group: RunGroupOptions,
  run: number,
  images: Uint32Array,
): Promise<Float32Array> {
  const memory = group.members[run]?.memory
  if (memory === undefined) throw new RangeError(`there is no run ${run}`)
  const { outFeatures } = memory.network
  const outputs = new Float32Array(images.length * outFeatures)
  for (let from = 0; from < images.length; from += READ_AT_ONCE) {
    const own = images.subarray(from, from + READ_AT_ONCE)
    outputs.set(await outputsAtOnce(group, run, memory, own), from * outFeatures)
  }
  return outputs
}

/** Piece after piece is submitted without waiting; what they put out comes back in one go. */
async function outputsAtOnce(
  { gpu, buffers, evaluated, frame, members, programs }: RunGroupOptions,
  run: number,
  memory: RunMemory,
  images: Uint32Array,
): Promise<Float32Array> {
  const { queue } = gpu.device
  const takesPart = members.map((_, other) => other === run)
  const words = new Uint32Array(frame.tableWords)
  const order = new Uint32Array(Math.min(evaluated, images.length) * 2)
  const bytes = memory.outputBytes(1)
  const read = await gpu.collect(images.length * bytes, (staging) => {
    for (let from = 0; from < images.length; from += evaluated) {
      const n = Math.min(evaluated, images.length - from)
      for (let i = 0; i < n; i++) order[i * 2] = images[from + i] ?? 0
      words[TABLE.rowCount] = n
      queue.writeBuffer(buffers.rows, 0, order)
      for (let other = 0; other < members.length; other++)
        queue.writeBuffer(buffers.table, other * frame.tableRows * frame.tableWords * 4, words)
      buffers.resetControl(takesPart)
      programs.evaluation.submit(gpu, buffers.bindGroup, n, (encoder) => {
        memory.copyOutputs(encoder, n, staging, from * bytes)
      })
    }
  })
  return memory.outputsIn(new Float32Array(read), images.length)
}
