import { inferShapes } from '#core/spec/infer'
import { fail, ok, type Result } from '#core/tensor/result'
import type { TestRecord } from '#core/training/run-state'
import { createTrainer } from '#core/training/trainer'
import type { MetricsLine } from '../store/metrics-lines'
import { recordOf } from '../store/run-store'
import { ActiveRun, type RunHost, type RunRefusal } from './active-run'

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
  const shapes = inferShapes(spec.value.model)
  if (!shapes.ok) return refused('the layers do not fit together')
  const device = await host.desk.forDrawing(spec.value)
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
      device: device.value.backend.device,
      deviceReason: '',
      why: null,
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
