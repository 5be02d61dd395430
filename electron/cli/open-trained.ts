import type { Session } from '#core/backend/backend'
import { parseRunSpec, type RunSpec } from '#core/spec/run-spec'
import { modelTensors } from '../store/checkpoint-file'
import type { RunStore } from '../store/run-store'
import { CommandError, EXIT, usageError, type Surface } from './command'
import { openHost } from './host'

/** A trained model on a device, ready to evaluate and predict. */
export interface TrainedModel {
  readonly spec: RunSpec
  readonly session: Session
  /** Whether the run answers with its averaged parameters (SWA, EMA). */
  readonly averaged: boolean
  close(): Promise<void>
}

export async function openTrained(
  store: RunStore,
  id: string,
  wish: {
    readonly device?: string | undefined
    readonly threads?: string | undefined
    readonly best?: boolean | undefined
  },
  surface: Surface,
): Promise<TrainedModel> {
  const stored = await store.spec(id)
  if (!stored.ok) throw usageError(stored.error)
  const spec = parseRunSpec({ ...stored.value, device: wish.device ?? stored.value.device })
  if (!spec.ok) throw usageError(spec.error.map(({ message }) => message).join('\n'))
  const checkpoint = await store.checkpoint(id, wish.best === true ? 'best' : 'last')
  if (!checkpoint.ok) throw usageError(checkpoint.error)
  const host = await openHost(store, wish.threads, surface)
  const device = await host.desk.forMoment(spec.value)
  if (!device.ok) throw new CommandError(EXIT.device, device.error.reason)
  const { session: state, position } = checkpoint.value
  const { averaging } = spec.value.training
  try {
    const session = await device.value.backend.createSession({
      spec: spec.value,
      dataset: host.dataset,
      parameters: modelTensors(state.tensors),
    })
    await session.importState(state)
    return {
      spec: spec.value,
      session,
      averaged:
        averaging !== null &&
        (averaging.type === 'EMA' ? position.step > 0 : position.epoch > averaging.startEpoch),
      close: () => device.value.close(),
    }
  } catch (error) {
    await device.value.close()
    throw error
  }
}
