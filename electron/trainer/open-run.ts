import type { StateTensor } from '#core/backend/backend'
import type { RunHeader } from '#core/contract/answers'
import { describeDeviceReason } from '#core/contract/device-reason'
import type { RunSpec } from '#core/spec/run-spec'
import { fail, ok, type Result } from '#core/tensor/result'
import { createTrainer } from '#core/training/trainer'
import { describeEnvironment } from '../store/environment'
import { ActiveRun, type RunHost, type RunRefusal } from './active-run'
import { checkSpec } from './check-spec'
import type { RunDevice } from './device-desk'
import { RunRecorder } from './run-recorder'

/** Prepares a new run, its first checkpoint included; it takes no step yet. */
export async function startRun(
  host: RunHost,
  spec: RunSpec,
  initial?: ReadonlyMap<string, StateTensor>,
): Promise<Result<ActiveRun, RunRefusal>> {
  const checked = checkSpec(spec, host.dataset, initial ?? null)
  if (!checked.ok) return fail({ kind: 'spec', message: checked.error })
  const parameters = checked.value
  const opened = await openFor(host, spec)
  if (!opened.ok) return opened
  const device = opened.value
  let recorder: RunRecorder | null = null
  try {
    const trainer = await createTrainer({
      spec,
      dataset: host.dataset,
      backend: device.backend,
      clock: () => performance.now(),
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
    return ok(new ActiveRun(header, trainer, device, recorder))
  } catch (error) {
    await device.close()
    throw error
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
  const opened = await openFor(host, { ...spec.value, device: asked ?? spec.value.device })
  if (!opened.ok) return opened
  const device = opened.value
  const resumed = await host.store.resume(id)
  if (!resumed.ok) {
    await device.close()
    return fail({ kind: 'run', message: resumed.error })
  }
  const { folder, checkpoint, best, lines } = resumed.value
  try {
    const recorder = new RunRecorder(folder, device.backend.device, lines, host.send)
    const trainer = await createTrainer({
      spec: folder.spec,
      dataset: host.dataset,
      backend: device.backend,
      clock: () => performance.now(),
      onEvent: (signal) => recorder.note(signal),
      resume: checkpoint,
      ...(best !== null && { resumeBest: best }),
    })
    const header = {
      id,
      spec: folder.spec,
      ...placeOf(device),
      parameters: checked.value,
    }
    return ok(new ActiveRun(header, trainer, device, recorder))
  } catch (error) {
    await folder.close()
    await device.close()
    throw error
  }
}

async function openFor(host: RunHost, spec: RunSpec): Promise<Result<RunDevice, RunRefusal>> {
  const device = await host.desk.forRun(spec)
  return device.ok ? device : fail({ kind: 'device', message: device.error.reason })
}

/** Where a run computes, for its header. */
function placeOf({ backend, why }: RunDevice): Pick<RunHeader, 'device' | 'deviceReason' | 'why'> {
  return { device: backend.device, deviceReason: describeDeviceReason(why), why }
}
