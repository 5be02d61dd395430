import type { Backend, SessionSetup } from '../backend'
import { CpuSession } from './cpu-session'
import { PLAIN_SIMD, RELAXED_SIMD } from './kernels/target'
import { singleTeam } from './single-team'
import { instantiate } from './wasm/runtime'

export interface CpuBackendOptions {
  readonly threads: number
  /** Whether the runtime compiles relaxed SIMD: see `supportsRelaxedSimd`. */
  readonly relaxedSimd: boolean
}

export function createCpuBackend({ threads, relaxedSimd }: CpuBackendOptions): Promise<Backend> {
  const target = relaxedSimd ? RELAXED_SIMD : PLAIN_SIMD
  return Promise.resolve({
    device: 'cpu',
    description: `WebAssembly ${relaxedSimd ? 'relaxed ' : ''}SIMD, ${threads} thread${threads === 1 ? '' : 's'}`,
    createSession: (setup: SessionSetup) =>
      CpuSession.create(setup, {
        target,
        threads: 1,
        makeTeam: ({ module, memory }) => Promise.resolve(singleTeam(instantiate(module, memory))),
      }),
  })
}
