import type { StateTensor } from '#core/backend/backend'
import type { DeviceLoss } from '#core/backend/survival'
import type { RunHeader } from '#core/contract/answers'
import { describeDeviceReason } from '#core/contract/device-reason'
import type { RunSpec } from '#core/spec/run-spec'
import { fail, ok, type Result } from '#core/tensor/result'
import type { TrainerSignal } from '#core/training/signal'
import { createTrainer } from '#core/training/trainer'
import type { TrainerOptions } from '#core/training/trainer-options'
import { describeEnvironment } from '../store/environment'
import { ActiveRun, type RunHost, type RunRefusal } from './active-run'
import { checkSpec } from './check-spec'
import type { RunDevice } from './choose-device'
import { openRunDevice } from './run-device'
import { RunRecorder } from './run-recorder'

/** A window hears of the steps every 50 ms. */
const GPU_BLOCK_MILLISECONDS = 50

/** Prepares a new run, its first checkpoint included; it takes no step yet. */
export async function startRun(
  host: RunHost,
  spec: RunSpec,
  initial?: ReadonlyMap<string, StateTensor>,
): Promise<Result<ActiveRun, RunRefusal>> {
  const checked = checkSpec(spec, host.dataset, initial ?? null)
  if (!checked.ok) return fail({ kind: 'spec', message: checked.error })
  const parameters = checked.value
  let recorder: RunRecorder | null = null
  let run: ActiveRun | null = null
  const opened = await openFor(host, spec, (loss) => {
    void recorder?.note(lossSignal(loss))
    run?.moved(loss)
  })
  if (!opened.ok) return opened
  const device = opened.value
  try {
    const trainer = await createTrainer({
      spec,
      dataset: host.dataset,
      backend: device.backend,
      ...pace(device),
      onEvent: (signal) => recorder?.note(signal),
      ...(initial !== undefined && { initial }),
    })
    const first = await trainer.checkpoint()
    const environment = describeEnvironment(
      {
        workbench: host.version,
        device: device.backend.device,
        deviceReason: describeDeviceReason(device.why),
        backend: device.backend.description,
        dataset: { name: host.dataset.name, hash: host.dataset.hash },
        parameters,
      },
      new Date(),
    )
    const folder = await host.store.create(spec, environment)
    await folder.saveCheckpoint(first, false)
    recorder = new RunRecorder(folder, device.backend.device, [], host.send)
    const header = {
      id: folder.id,
      spec,
      ...placeOf(device),
      parameters,
    }
    run = new ActiveRun(header, trainer, device, recorder)
    return ok(run)
  } catch (error) {
    await device.close()
    return refusalOf(error)
  }
}

/** Opens a run at its last checkpoint, paused. */
export async function reopenRun(
  host: RunHost,
  id: string,
  asked?: RunSpec['device'],
): Promise<Result<ActiveRun, RunRefusal>> {
  const spec = await host.store.spec(id)
  if (!spec.ok) return fail({ kind: 'run', message: spec.error })
  const checked = checkSpec(spec.value, host.dataset)
  if (!checked.ok) return fail({ kind: 'spec', message: checked.error })
  let recorder: RunRecorder | null = null
  let run: ActiveRun | null = null
  const opened = await openFor(
    host,
    { ...spec.value, device: asked ?? spec.value.device },
    (loss) => {
      void recorder?.note(lossSignal(loss))
      run?.moved(loss)
    },
  )
  if (!opened.ok) return opened
  const device = opened.value
  const resumed = await host.store.resume(id)
  if (!resumed.ok) {
    await device.close()
    return fail({ kind: 'run', message: resumed.error })
  }
  const { folder, checkpoint, best, lines } = resumed.value
  try {
    recorder = new RunRecorder(folder, device.backend.device, lines, host.send)
    const trainer = await createTrainer({
      spec: folder.spec,
      dataset: host.dataset,
      backend: device.backend,
      ...pace(device),
      onEvent: (signal) => recorder?.note(signal),
      resume: checkpoint,
      ...(best !== null && { resumeBest: best }),
    })
    const header = {
      id,
      spec: folder.spec,
      ...placeOf(device),
      parameters: checked.value,
    }
    run = new ActiveRun(header, trainer, device, recorder)
    return ok(run)
  } catch (error) {
    await folder.close()
    await device.close()
    return refusalOf(error)
  }
}

async function openFor(
  { desk, dataset }: RunHost,
  spec: RunSpec,
  onLoss: (loss: DeviceLoss) => void,
): Promise<Result<RunDevice, RunRefusal>> {
  const device = await openRunDevice(desk, { spec, dataset, onLoss })
  return device.ok ? device : fail({ kind: 'device', message: device.error.reason })
}

/** A GPU is asked for more at a time: it waits for each answer that is on its way. */
function pace({ backend }: RunDevice): Pick<TrainerOptions, 'clock' | 'blockMilliseconds'> {
  const clock = () => performance.now()
  return backend.device === 'webgpu'
    ? { clock, blockMilliseconds: GPU_BLOCK_MILLISECONDS }
    : { clock }
}

/** What the device refused, before the first step: memory that is not there, a net beyond its limits. Everything else is a fault. */
function refusalOf(error: unknown): Result<never, RunRefusal> {
  const isDevices =
    error instanceof Error &&
    ['DeviceError', 'DeviceLimitError', 'SessionLostError'].includes(error.name)
  if (!isDevices) throw error
  return fail({ kind: 'device', message: error.message })
}

function lossSignal({ from, to, step, lostAt, reason }: DeviceLoss): TrainerSignal {
  const notice = { kind: 'device-changed', from, to, step, lostAt, reason } as const
  return { type: 'notice', level: 'warning', notice }
}

/** Where a run computes, for its header. */
function placeOf({ backend, why }: RunDevice): Pick<RunHeader, 'device' | 'deviceReason' | 'why'> {
  return { device: backend.device, deviceReason: describeDeviceReason(why), why }
}
