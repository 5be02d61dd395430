import type { DeviceDecision } from '#core/contract/device-reason'
import type { RunSpec } from '#core/spec/run-spec'
import type { RunHost } from './active-run'
import { checkSpec } from './check-spec'
import { openRunDevice } from './run-device'

/**
 * What a run of this spec would train on: the device is opened as a run opens it, and given back. A race that `auto` runs for it
 * is remembered, so that the run itself starts at once, with the same answer.
 */
export async function decideDevice(
  { desk, dataset }: Pick<RunHost, 'desk' | 'dataset'>,
  spec: RunSpec,
): Promise<DeviceDecision> {
  const checked = checkSpec(spec, dataset)
  if (!checked.ok) throw new Error(checked.error)
  const opened = await openRunDevice(desk, { spec, dataset, onLoss: () => undefined })
  if (!opened.ok) return { state: 'refused', ...opened.error }
  const chosen = opened.value
  await chosen.close()
  return { state: 'trains', device: chosen.backend.device, why: chosen.why }
}
