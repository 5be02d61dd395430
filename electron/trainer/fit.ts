import { cpuMemory } from '#core/backend/cpu/cpu-memory'
import type { MemoryUse } from '#core/backend/memory-use'
import { webgpuRefusal } from '#core/backend/webgpu/refusal'
import { webgpuMemory } from '#core/backend/webgpu/webgpu-memory'
import type { DeviceFit } from '#core/contract/machine'
import type { Dataset } from '#core/data/dataset'
import { predictStep, type DeviceRates } from '#core/machine/step-time'
import { trainingShape } from '#core/machine/training-shape'
import type { RunSpec } from '#core/spec/run-spec'

export interface FitQuestion {
  readonly spec: RunSpec
  readonly dataset: Dataset
  /** Of the CPU device. */
  readonly threads: number
  /** Names of the WebGPU adapters, the one that trains first. */
  readonly adapters: readonly string[]
  /** What was measured so far, by the adapter's name; null for the CPU. */
  readonly rates: ReadonlyMap<string | null, DeviceRates>
}

/** What the net needs and takes on each device. */
export async function fitOf(question: FitQuestion): Promise<readonly DeviceFit[]> {
  const { spec, dataset, threads, adapters } = question
  const cpu = sized(() => cpuMemory({ spec, dataset }, threads))
  const fits = [fitting('cpu', null, await cpu, question)]
  if (adapters.length === 0) return fits
  const refusal = webgpuRefusal(spec)
  const gpu =
    refusal === null
      ? await sized(() => webgpuMemory({ spec, dataset }))
      : { memory: null, refusal }
  return [...fits, ...adapters.map((adapter) => fitting('webgpu', adapter, gpu, question))]
}

type Size = Pick<DeviceFit, 'memory' | 'refusal'>

/** A net that is too large for the device is refused with the reason that training it would give. */
async function sized(measure: () => MemoryUse | Promise<MemoryUse>): Promise<Size> {
  try {
    return { memory: await measure(), refusal: null }
  } catch (error) {
    return { memory: null, refusal: error instanceof Error ? error.message : String(error) }
  }
}

function fitting(
  device: DeviceFit['device'],
  adapter: string | null,
  size: Size,
  question: FitQuestion,
): DeviceFit {
  const rates = question.rates.get(adapter)
  const shape = trainingShape(question.spec)
  const step = rates === undefined || shape === null ? null : predictStep(rates, shape)
  return { device, adapter, ...size, step }
}
