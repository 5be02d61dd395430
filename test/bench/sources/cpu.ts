import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { EngineContender, WORKBENCH } from '../../../electron/bench/engine-contender'
import { spawnKernelThread } from '../../../electron/trainer/spawn-kernel-thread'
import type { ContenderSource } from '../contender-source'

/** The CPU backend, in this very thread so that profilers see it; once for each number of threads. */
export const cpuSource: ContenderSource = {
  name: 'cpu',
  kind: 'backend',
  options: {},
  open: ({ threadCounts, relaxedSimd, dataset, bundle }) =>
    Promise.all(
      threadCounts.map(async (threads) => {
        const spawnThread = () => spawnKernelThread(new URL('kernel-thread.js', bundle))
        const backend = await createCpuBackend({ threads, relaxedSimd, spawnThread })
        return new EngineContender({ name: `${WORKBENCH} cpu`, threads, backend, dataset })
      }),
    ),
}
