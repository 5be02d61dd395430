import type { Backend, SessionSetup } from '../backend'
import { cpuCopyRate } from './cpu-copy-rate'
import { CpuSession } from './cpu-session'
import type { EngineImage } from './engine'
import type { KernelThread } from './kernel-thread'
import { PLAIN_SIMD, RELAXED_SIMD } from './kernels/target'
import type { Team } from './program'
import { singleTeam } from './single-team'
import { MOST_THREADS } from './thread-control'
import { ThreadTeam } from './thread-team'
import { instantiate } from './wasm/runtime'

export interface CpuBackendOptions {
  /** Threads that compute, the one that drives the sessions included. */
  readonly threads: number
  /** Whether the runtime compiles relaxed SIMD: see `supportsRelaxedSimd`. */
  readonly relaxedSimd: boolean
  /** Starts a thread that calls `serveKernelThread`. Without it, or without shared memory, one thread does it all. */
  readonly spawnThread?: () => KernelThread
}

/** WebAssembly kernels generated for each model. Results are the same bit for bit whatever the number of threads. */
export function createCpuBackend(options: CpuBackendOptions): Promise<Backend> {
  const { spawnThread, relaxedSimd } = options
  const threads =
    spawnThread === undefined || typeof SharedArrayBuffer === 'undefined'
      ? 1
      : Math.min(MOST_THREADS, Math.max(1, options.threads))
  const idle: KernelThread[] = []
  const makeTeam = async (image: EngineImage): Promise<Team> => {
    if (threads === 1 || spawnThread === undefined)
      return singleTeam(instantiate(image.module, image.memory))
    const kept = idle.splice(0).filter(isThere)
    const helpers = Array.from({ length: threads - 1 }, () => kept.pop() ?? spawnThread())
    return ThreadTeam.create(image, helpers, () => {
      idle.push(...helpers)
    })
  }
  return Promise.resolve({
    device: 'cpu',
    description: describe(threads, options),
    createSession: (setup: SessionSetup) =>
      CpuSession.create(setup, {
        target: relaxedSimd ? RELAXED_SIMD : PLAIN_SIMD,
        threads,
        makeTeam,
      }),
    copyRate: () => cpuCopyRate(threads, makeTeam),
  })
}

function isThere(thread: KernelThread): boolean {
  return thread.ended() === null
}

function describe(threads: number, { threads: asked, relaxedSimd }: CpuBackendOptions): string {
  const simd = `WebAssembly ${relaxedSimd ? 'relaxed ' : ''}SIMD`
  const count = `${threads} thread${threads === 1 ? '' : 's'}`
  return threads < asked
    ? `${simd}, ${count} (no shared memory here, ${asked} were asked for)`
    : `${simd}, ${count}`
}
