import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceUnavailable } from '#core/backend/backend'
import { deviceProblem } from '#core/backend/device-problem'
import { webgpuRefusal } from '#core/backend/webgpu/refusal'
import type { DeviceReason, Measurement } from '#core/contract/device-reason'
import type { Dataset } from '#core/data/dataset'
import type { RunSpec } from '#core/spec/run-spec'
import { fail, ok, type Result } from '#core/tensor/result'
import type { DeviceDesk, GpuDevice } from './device-desk'
import type { OpenDevice } from './devices'
import { raceDevices, raceKey } from './race-devices'

/** A device that a run got, and why this one. */
export interface RunDevice extends OpenDevice {
  readonly why: DeviceReason
}

/** A person waits for the run meanwhile; whoever asks for the GPU by name waits longer. */
const PATIENCE_MILLISECONDS = 6000

type Chosen = Promise<Result<RunDevice, DeviceUnavailable>>

/**
 * What `auto` means for this spec: the GPU where it is a real one, takes the spec and trains the net faster than the CPU
 * in a short race; else the CPU. Whichever it is, the reason tells why.
 */
export async function chooseDevice(desk: DeviceDesk, spec: RunSpec, dataset: Dataset): Chosen {
  const refusal = webgpuRefusal(spec)
  if (refusal !== null) return onCpu(desk, { kind: 'cpu-only', reason: refusal })
  const { known } = desk.adapters
  if (known?.ok === false) return onCpu(desk, { kind: 'no-gpu', reason: known.error })
  // The run waits for the slower of the two, not for one after the other.
  const [gpu, cpu] = await Promise.all([promptly(desk.gpuDevice()), desk.cpu()])
  if (!cpu.ok) {
    if (gpu.ok) await gpu.value.close()
    return cpu
  }
  if (!gpu.ok) return ok({ ...cpu.value, why: { kind: 'no-gpu', reason: gpu.error } })
  const why = await verdict(desk, spec, dataset, gpu.value, cpu.value)
  const [winner, loser] =
    why.kind === 'gpu-faster' ? [gpu.value, cpu.value] : [cpu.value, gpu.value]
  await loser.close()
  return ok({ backend: winner.backend, close: () => winner.close(), why })
}

/** What comes too late is given back when it comes. */
async function promptly(
  opening: Promise<Result<GpuDevice, string>>,
): Promise<Result<GpuDevice, string>> {
  const given = new AbortController()
  const tooLate = sleep(PATIENCE_MILLISECONDS, null, { signal: given.signal }).catch(() => null)
  const gpu = await Promise.race([opening, tooLate])
  given.abort()
  if (gpu !== null) return gpu
  void opening.then((late) => (late.ok ? late.value.close() : undefined))
  return fail(deviceProblem('silent', { seconds: PATIENCE_MILLISECONDS / 1000 }))
}

async function verdict(
  desk: DeviceDesk,
  spec: RunSpec,
  dataset: Dataset,
  gpu: GpuDevice,
  cpu: OpenDevice,
): Promise<DeviceReason> {
  const { name, software, description } = gpu.info
  if (software) return { kind: 'software-gpu', gpu: name }
  const key = raceKey(description, spec)
  try {
    const measured =
      desk.races.get(key) ??
      (await raceDevices(spec, dataset, { gpu: gpu.backend, cpu: cpu.backend }))
    if (measured === null)
      return {
        kind: 'cpu-only',
        reason: deviceProblem('notFinite', {}),
      }
    desk.races.set(key, measured)
    return { kind: isFaster(measured) ? 'gpu-faster' : 'cpu-faster', gpu: name, ...measured }
  } catch (error) {
    // What the GPU refuses, for want of memory for one, the CPU takes.
    return { kind: 'cpu-only', reason: error instanceof Error ? error.message : String(error) }
  }
}

function isFaster({ gpuStepsPerSecond, cpuStepsPerSecond }: Measurement): boolean {
  return gpuStepsPerSecond > cpuStepsPerSecond
}

async function onCpu(desk: DeviceDesk, why: DeviceReason): Chosen {
  const cpu = await desk.cpu()
  return cpu.ok ? ok({ ...cpu.value, why }) : cpu
}
