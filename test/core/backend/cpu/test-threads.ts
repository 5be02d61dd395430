import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import type { KernelThread } from '#core/backend/cpu/kernel-thread'

/** Bundles the helper thread's entry and returns what starts such threads, as the built program would. */
export async function threadSpawner(): Promise<() => KernelThread> {
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
  return () => {
    const worker = new Worker(chunk.code, { eval: true })
    worker.unref()
    return {
      postMessage: (message) => {
        worker.postMessage(message)
      },
      onMessage: (listener) => {
        worker.on('message', listener)
      },
      terminate: () => {
        void worker.terminate()
      },
    }
  }
}
