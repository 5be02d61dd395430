import v8 from 'node:v8'
import type { Backend } from '#core/backend/backend'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { createWebgpuBackend } from '#core/backend/webgpu/webgpu-backend'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { findTestAdapter } from './webgpu-device'

// Node 20 compiles relaxed SIMD only when told to; later versions ignore the flag.
v8.setFlagsFromString('--experimental-wasm-relaxed-simd')

const adapter = await findTestAdapter()

/** Whether WebGPU runs on the CPU here: a hundred times slower, so that tests take fewer cases. */
export const softwareGpu = adapter?.description.isSoftware ?? true

/** Every backend under the conformance suite, with the precision that it computes in. */
export const backends: readonly {
  readonly backend: Backend
  readonly precision: 'float32' | 'float64'
}[] = [
  { backend: referenceBackend, precision: 'float64' },
  { backend: await createCpuBackend({ threads: 1, relaxedSimd: true }), precision: 'float32' },
  { backend: await createCpuBackend({ threads: 1, relaxedSimd: false }), precision: 'float32' },
  ...(adapter === null
    ? []
    : [
        {
          backend: await createWebgpuBackend({
            device: await adapter.createDevice(),
            adapter: adapter.description,
          }),
          precision: 'float32' as const,
        },
      ]),
]
