import { inferShapes } from '#core/spec/infer'
import { fail, ok, type Result } from '#core/tensor/result'
import type { TestRecord } from '#core/training/run-state'
import { createTrainer } from '#core/training/trainer'
import type { MetricsLine } from '../store/metrics-lines'
import { recordOf } from '../store/run-store'
import { ActiveRun, type RunHost, type RunRefusal } from './active-run'
import { chooseDevice, openDevice } from './devices'

/** Opens a run that is over, to look at it and to draw for it; nothing in its folder changes. */
export async function openEndedRun(
  host: RunHost,
  id: string,
  phase: 'finished' | 'stopped',
): Promise<Result<ActiveRun, RunRefusal>> {
  const spec = await host.store.spec(id)
  if (!spec.ok) return refused(spec.error)
  const checkpoint = await host.store.checkpoint(id)
  if (!checkpoint.ok) return refused(checkpoint.error)
  const chosen = chooseDevice(spec.value.device)
  if (!chosen.ok) return fail({ kind: 'device', message: chosen.error.reason })
  const shapes = inferShapes(spec.value.model)
  if (!shapes.ok) return refused('the layers do not fit together')
  const device = await openDevice(chosen.value.device, host.threads, host.engineScript)
  if (!device.ok) return fail({ kind: 'device', message: device.error.reason })
  try {
    const trainer = await createTrainer({
      spec: spec.value,
      dataset: host.dataset,
      backend: device.value.backend,
      clock: () => performance.now(),
      onEvent: () => undefined,
      resume: checkpoint.value,
    })
    const lines = await host.store.lines(id)
    const header = {
      id,
      spec: spec.value,
      device: chosen.value.device,
      deviceReason: chosen.value.reason,
      parameters: shapes.value.parameters,
    }
    const record = {
      folder: { path: host.store.pathOf(id) },
      recorded: () => ({ ...recordOf(lines), test: testOf(lines), layers: null }),
      close: () => Promise.resolve(),
    }
    return ok(new ActiveRun(header, trainer, device.value, record, { phase }))
  } catch (error) {
    await device.value.close()
    throw error
  }
}

function testOf(lines: readonly MetricsLine[]): TestRecord | null {
  const line = lines.findLast((candidate) => candidate.type === 'test')
  if (line === undefined) return null
  const { testLoss, testAccuracy, confusion } = line
  return { testLoss, testAccuracy, confusion }
}

function refused(message: string): Result<never, RunRefusal> {
  return fail({ kind: 'run', message })
}
