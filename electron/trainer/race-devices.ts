import type { Backend } from '#core/backend/backend'
import type { Measurement } from '#core/contract/device-reason'
import type { Dataset } from '#core/data/dataset'
import type { RunSpec } from '#core/spec/run-spec'
import { timeSteps } from './time-steps'

/** What must be the same for a race to tell the same: `adapter` is the GPU's description. */
export function raceKey(adapter: string, spec: RunSpec): string {
  const { dataset, model, loss, optimizer, training } = spec
  return JSON.stringify([adapter, dataset, model, loss, optimizer.type, training])
}

/** Per device; a person waits for it before the first step. */
const WARM_UP_MILLISECONDS = 150
const MILLISECONDS = 350

/**
 * Trains the net for a moment on each of the two. Null where the net gives no finite numbers, so that there is nothing to
 * time. The rate is next to nothing: a spec that diverges later takes as long a step as another.
 */
export async function raceDevices(
  asked: RunSpec,
  dataset: Dataset,
  { gpu, cpu }: { readonly gpu: Backend; readonly cpu: Backend },
): Promise<Measurement | null> {
  const optimizer = { ...asked.optimizer, lr: 1e-9 }
  const spec: RunSpec = {
    ...asked,
    optimizer,
    training: { ...asked.training, diagnoseEvery: 0 },
  }
  const rate = async (backend: Backend): Promise<number | null> => {
    const seconds = await timeSteps({
      spec,
      dataset,
      backend,
      signal: new AbortController().signal,
      warmUpMs: WARM_UP_MILLISECONDS,
      durationMs: MILLISECONDS,
    })
    return seconds === null ? null : 1 / seconds
  }
  const gpuStepsPerSecond = await rate(gpu)
  const cpuStepsPerSecond = gpuStepsPerSecond === null ? null : await rate(cpu)
  return gpuStepsPerSecond === null || cpuStepsPerSecond === null
    ? null
    : { gpuStepsPerSecond, cpuStepsPerSecond }
}
