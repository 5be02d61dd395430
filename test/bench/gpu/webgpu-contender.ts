import type { Dataset } from '#core/data/dataset'
import { createWebgpuBackend } from '#core/backend/webgpu/webgpu-backend'
import { EngineContender, WORKBENCH } from '../../../electron/bench/engine-contender'
import type { DawnDevice } from '../../../electron/trainer/gpu/dawn'

/**
 * The workbench on a device; a measurement lasts about so many seconds. Tiles are timed in every run of the bench: what an earlier
 * version found is no figure of this one.
 */
export async function webgpuContender(
  { device, description, info }: DawnDevice,
  dataset: Dataset,
  seconds: number,
): Promise<EngineContender> {
  const known = new Map<string, string>()
  const backend = await createWebgpuBackend({
    device,
    adapter: description,
    tiles: { get: (key) => known.get(key), set: (key, value) => known.set(key, value) },
    clock: () => performance.now(),
  })
  const name = `${WORKBENCH} webgpu${info.software ? ' (software)' : ''}`
  return new EngineContender({ name, threads: 1, backend, dataset, seconds })
}
