import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceUnavailable } from '#core/backend/backend'
import type { DeviceLoss } from '#core/backend/survival'
import { SurvivingBackend } from '#core/backend/surviving-backend'
import type { Dataset } from '#core/data/dataset'
import type { RunSpec } from '#core/spec/run-spec'
import { ok, type Result } from '#core/tensor/result'
import { chooseDevice, type RunDevice } from './choose-device'
import type { DeviceDesk } from './device-desk'
import type { OpenDevice } from './devices'

/** A GPU that was lost so many times in a row is not trusted again. */
const MOST_LOSSES = 3
/** A GPU process that crashed needs a moment; the second time a longer one. */
const PAUSE_MILLISECONDS = 250

export interface RunDeviceWish {
  readonly spec: RunSpec
  readonly dataset: Dataset
  /** The GPU was lost, and the run went on elsewhere. */
  readonly onLoss: (loss: DeviceLoss) => void
}

/** The device that a spec asks for, to train on. A GPU is replaced when it is lost: by another one, at last by the CPU. */
export async function openRunDevice(
  desk: DeviceDesk,
  wish: RunDeviceWish,
): Promise<Result<RunDevice, DeviceUnavailable>> {
  const { spec, dataset, onLoss } = wish
  const chosen =
    spec.device === 'auto'
      ? await chooseDevice(desk, spec, dataset)
      : asked(await desk.open(spec.device, spec))
  if (!chosen.ok || chosen.value.backend.device !== 'webgpu') return chosen
  const { why } = chosen.value
  let current: OpenDevice = chosen.value
  const backend = new SurvivingBackend(current.backend, {
    clock: () => performance.now(),
    onLoss,
    next: async (losses) => {
      await current.close()
      current = await replacement(desk, spec, losses)
      return current.backend
    },
  })
  return ok({ backend, why, close: () => current.close() })
}

async function replacement(desk: DeviceDesk, spec: RunSpec, losses: number): Promise<OpenDevice> {
  for (let loss = losses; loss < MOST_LOSSES; loss++) {
    await sleep(loss * PAUSE_MILLISECONDS)
    const gpu = await desk.open('webgpu', spec)
    if (gpu.ok) return gpu.value
  }
  const cpu = await desk.cpu()
  if (!cpu.ok) throw new Error(cpu.error.reason)
  return cpu.value
}

function asked(
  opened: Result<OpenDevice, DeviceUnavailable>,
): Result<RunDevice, DeviceUnavailable> {
  return opened.ok ? ok({ ...opened.value, why: { kind: 'asked' } }) : opened
}
