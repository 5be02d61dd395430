import type { Dataset } from '#core/data/dataset'
import { buildNetwork } from '#core/nn/build-network'
import type { RunSpec } from '#core/spec/run-spec'
import { hollowFloats } from '#core/tensor/hollow-floats'
import type { StateTensor } from '../backend'
import { type MemoryUse, memoryUse } from '../memory-use'
import { stateFloats } from '../state-floats'
import { Gpu } from './gpu'
import { openRuns } from './open-runs'

const FLOAT_BYTES = 4

/**
 * What a WebGPU session holds on the device. It is opened as always, on a device that only takes notes: the buffers
 * are those that a real one would be asked for. Throws as opening would, where the spec is not for the GPU.
 */
export async function webgpuMemory(setup: {
  readonly spec: RunSpec
  readonly dataset: Dataset
}): Promise<MemoryUse> {
  const { spec } = setup
  const network = buildNetwork(spec.model, hollowFloats)
  const parameters = new Map<string, StateTensor>(
    network.parameters.map(({ name, shape, value }) => [
      name,
      { shape, data: value as Float32Array },
    ]),
  )
  const count = network.parameters.reduce((sum, { value }) => sum + value.length, 0)
  const state = stateFloats(spec, network)
  const { device, sizes } = notingDevice()
  const adapter = {
    vendor: '',
    architecture: '',
    device: '',
    description: '',
    isSoftware: true,
    key: '',
  }
  const options = { device, adapter }
  await openRuns(new Gpu(options), [{ ...setup, parameters }], options, hollowFloats)
  const arena = sizes.get('arena') ?? 0
  const dataset = sizes.get('images') ?? 0
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const region = count * FLOAT_BYTES
  return memoryUse({
    parameters: region,
    gradients: region,
    optimizerState: state * FLOAT_BYTES,
    activations: arena - 2 * region - state * FLOAT_BYTES,
    dataset,
    other: total - arena - dataset,
    largestBuffer: Math.max(...sizes.values()),
  })
}

/** A device without memory or arithmetic; `sizes`: bytes of every buffer by its label. */
function notingDevice(): {
  readonly device: GPUDevice
  readonly sizes: ReadonlyMap<string, number>
} {
  const sizes = new Map<string, number>()
  const nothing = () => ({})
  const device = {
    limits: { maxBufferSize: Infinity, maxStorageBufferBindingSize: Infinity },
    lost: new Promise(() => undefined),
    addEventListener: nothing,
    createBindGroupLayout: nothing,
    createPipelineLayout: nothing,
    createBindGroup: nothing,
    createShaderModule: nothing,
    createComputePipelineAsync: () => Promise.resolve({}),
    pushErrorScope: nothing,
    popErrorScope: () => Promise.resolve(null),
    createBuffer: ({ label = '', size }: GPUBufferDescriptor) => {
      sizes.set(label, (sizes.get(label) ?? 0) + size)
      return { destroy: nothing }
    },
    queue: { writeBuffer: nothing },
  }
  // What opening a session asks of a device, and no more: the test opens one on a real device as well.
  return { device: device as unknown as GPUDevice, sizes }
}
