import { fileURLToPath } from 'node:url'
import { type ResourceLimits, Worker } from 'node:worker_threads'
import { build } from 'vite'
import type { KernelThread } from '#core/backend/cpu/kernel-thread'
import { kernelThreadOf } from '../../../../electron/trainer/spawn-kernel-thread'

/**
 * Bundles the helper thread's entry and returns what starts such threads, as the built program would. prelude: code that runs in the
 * thread before its own.
 */
export async function threadSpawner(): Promise<
  (prelude?: string, limits?: ResourceLimits) => KernelThread
> {
  const entry = fileURLToPath(
    new URL('../../../../electron/trainer/kernel-thread.ts', import.meta.url),
  )
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { ssr: entry, write: false, rolldownOptions: { output: { format: 'cjs' } } },
  })
  const outputs = Array.isArray(built) ? built : [built]
  const chunk = outputs.flatMap((result) => ('output' in result ? result.output : [])).at(0)
  if (chunk?.type !== 'chunk') throw new Error('the helper thread did not build')
  const { code } = chunk
  return (prelude = '', limits = {}) =>
    kernelThreadOf(new Worker(`${prelude}\n${code}`, { eval: true, resourceLimits: limits }))
}
